"""The marketplace that is measured: one of its own in a temporary home, or the one that runs on this home."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from adapters import processes
from cli.marketplace import portcullis
from wiring.settings import Settings

READY = b"portcullis ready"
GRACE_S = 30.0
# Many clients at once on a machine that others use too: a request that waits is slow, not wrong.
PATIENT_MS = "10000"


class MarketError(RuntimeError):
    """There is no marketplace to measure; the message says why."""


@dataclass(frozen=True, slots=True)
class Market:
    """Where it listens and what it runs as; settings and environment are those that its processes have."""

    settings: Settings
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return self.settings.url

    def pid(self, name: str) -> int:
        return int((self.settings.run_folder / f"{name}.pid").read_text())

    def has(self, name: str) -> bool:
        return (self.settings.run_folder / f"{name}.pid").exists()


@contextmanager
def chosen(*, running: bool) -> Iterator[Market]:
    if not running:
        with tempfile.TemporaryDirectory(prefix="portcullis-bench-") as folder, _own(Path(folder, "home")) as market:
            yield market
        return
    market = Market(Settings(), dict(os.environ))
    if not market.has("gateway"):
        raise MarketError(f"Nothing runs on {market.settings.home}: start `portcullis run` first.")
    yield market


@contextmanager
def _own(home: Path) -> Iterator[Market]:
    """`portcullis run` on ports of its own, until the block ends."""
    settings = Settings(home=home, port=free_port(), payments_url=f"http://127.0.0.1:{free_port()}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTCULLIS_")}
    environment = kept | {
        "PORTCULLIS_HOME": str(home),
        "PORTCULLIS_PORT": str(settings.port),
        "PORTCULLIS_PAYMENTS_URL": settings.payments_url,
        "PORTCULLIS_POSTGRES": settings.postgres,
        "PORTCULLIS_TOOLS": str(settings.tools),
        "PORTCULLIS_DATABASE_WAIT_MS": PATIENT_MS,
        "PORTCULLIS_POLICY_DEADLINE_MS": PATIENT_MS,
    }
    home.mkdir(mode=0o700)
    printed = home / "printed.log"
    with printed.open("wb") as out:
        process = processes.start(portcullis("run"), out, environment=environment)
    try:
        with printed.open("rb") as said:
            _await_ready(process, said)
        yield Market(settings, environment)
    finally:
        processes.end(process, signal.SIGTERM, GRACE_S)


def _await_ready(process: subprocess.Popen[bytes], said: BinaryIO) -> None:
    """Follows what is printed; the supervisor has deadlines of its own, so that this needs none."""
    text = b""
    while READY not in text:
        text += said.read()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            raise MarketError(f"The marketplace did not come up:\n{text.decode(errors='replace')}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
