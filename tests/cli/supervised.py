"""One run of the small marketplace under the real supervisor, as its tests read it."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PROGRAM = Path(__file__).with_name("small_marketplace.py")
PATIENCE = 60.0


class Run:
    """One run of the small marketplace, read line by line."""

    def __init__(self, home: Path, scenario: str, port: int, *words: str) -> None:
        self.home = home
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(home), scenario, str(port), *words],
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, said: str) -> str:
        """The next line that has `said` in it."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())
            if said in line:
                return line
        raise AssertionError(f"never said {said!r}:\n" + "\n".join(self.lines))

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.rest()

    def rest(self) -> int:
        assert self.process.stderr is not None
        self.lines += [line.rstrip() for line in self.process.stderr]
        return self.process.wait(PATIENCE)

    def pid(self, name: str) -> int:
        return int((self.home / "run" / f"{name}.pid").read_text())

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


Start = Callable[..., Run]


def ended(process_id: int) -> bool:
    """Waits for the end of a process that need not be our child."""
    try:
        descriptor = os.pidfd_open(process_id)
    except ProcessLookupError:
        return True
    with contextlib.closing(os.fdopen(descriptor)):
        return bool(select.select([descriptor], [], [], PATIENCE)[0])
