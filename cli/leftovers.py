"""Clears the ground before a start: one supervisor a home, nothing left of a killed one, ports free."""

import contextlib
import fcntl
import os
import select
import signal
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.parts import Part, Port, Process

# In the environment of each process that we start: tells ours from a stranger that got the same id.
SUPERVISED = "PORTCULLIS_SUPERVISED"


class OccupiedError(RuntimeError):
    """Somebody else has what we need; the message says who and what to do."""


@contextlib.contextmanager
def only_one(home: Path, url: str) -> Iterator[None]:
    """Holds the home for this process; a killed holder leaves nothing behind."""
    file = home / "run" / "supervisor.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OccupiedError(
                f"portcullis is already running on {home}: {holder(home)}. "
                "Stop it with Ctrl-C, or set PORTCULLIS_HOME and PORTCULLIS_PORT for a second marketplace."
            ) from None
        lock.truncate(0)
        lock.write(f"{url} (process {os.getpid()})")
        lock.flush()
        yield


def holder(home: Path) -> str | None:
    """What the running supervisor of this home says of itself; None when there is none."""
    try:
        lock = (home / "run" / "supervisor.lock").open("r")
    except FileNotFoundError:
        return None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return lock.read().strip() or "it is just starting"
    return None


def end_leftovers(parts: Sequence[Part], home: Path) -> list[str]:
    """End what a killed supervisor of this home left running, and remove its pid files; names what was ended."""
    ended = []
    for part in reversed(parts):
        file = home / "run" / f"{part.name}.pid"
        process_id = _read(file)
        if process_id is not None and _is_ours(process_id, home):
            _end(process_id, part)
            ended.append(f"{part.name} ({process_id})")
        file.unlink(missing_ok=True)
    return ended


def _read(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _is_ours(process_id: int, home: Path) -> bool:
    try:
        environment = Path(f"/proc/{process_id}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"{SUPERVISED}={home}".encode() in environment


def _end(process_id: int, part: Part) -> None:
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(process_id)
        try:
            for ask in (part.ask, signal.SIGKILL):
                signal.pidfd_send_signal(descriptor, ask)
                if select.select([descriptor], [], [], part.grace)[0]:
                    return
        finally:
            os.close(descriptor)


def assert_ports_free(parts: Sequence[Part]) -> None:
    for part in parts:
        if isinstance(part, Process) and part.port is not None and not is_free(part.port):
            raise OccupiedError(occupied(part.name, part.port))


def occupied(name: str, port: Port) -> str:
    return (
        f"Port {port.number} on {port.host} is in use by another program, and {name} needs it: "
        f"stop that program or set {port.setting}."
    )


def is_free(port: Port) -> bool:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError:
            return False
    return True
