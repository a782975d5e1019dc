"""The make targets and the script of continuous integration, as a newcomer and a machine call them."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make(*words: str) -> str:
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_help_lists_every_target_with_a_sentence() -> None:
    """A target without a sentence is a secret."""
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert declared is not None
    listed = [line.split(maxsplit=2) for line in make("help").splitlines()]
    assert sorted(name for _, name, _ in listed) == sorted(declared.group(1).split())


def test_plain_make_is_help() -> None:
    """Nothing is started by accident."""
    assert make() == make("help")


def test_continuous_integration_calls_check_and_test_and_nothing_else(tmp_path: Path) -> None:
    """From any folder, without a terminal."""
    seen = tmp_path / "seen"
    recorder = tmp_path / "make"
    recorder.write_text(f'#!/bin/sh\necho "$PWD $CI $*" >> {seen}\n')
    recorder.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([ROOT / ".ci" / "run"], cwd="/", env={**os.environ, "PATH": path}, check=True)
    assert seen.read_text().splitlines() == [f"{ROOT} true check", f"{ROOT} true test"]


def test_continuous_integration_stops_at_the_first_red_gate(tmp_path: Path) -> None:
    """A failed check is a failed run."""
    recorder = tmp_path / "make"
    recorder.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/seen\nexit 2\n')
    recorder.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    code = subprocess.run([ROOT / ".ci" / "run"], env={**os.environ, "PATH": path}, check=False).returncode
    assert code != 0
    assert (tmp_path / "seen").read_text() == "check\n"
