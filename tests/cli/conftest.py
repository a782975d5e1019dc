"""Starts runs of the small marketplace, and ends them whatever the test found."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.supervised import Run, Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    runs: list[Run] = []

    def begin(scenario: str, port: int = 1, *words: str) -> Run:
        runs.append(Run(tmp_path / "home", scenario, port, *words))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()
        run.process.wait()
        assert run.process.stderr is not None
        run.process.stderr.close()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
