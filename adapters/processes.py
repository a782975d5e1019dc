"""Start child processes that cannot outlive us, and end them for certain; knows no particular program."""

import contextlib
import ctypes
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
# Objects made before the collector looks at the young ones; a request makes some thousands, nearly all without cycles.
_YOUNG = 20_000


def die_with_parent(on_death: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `on_death` when the thread that started the child ends, even by kill -9."""
    parent = os.getpid()
    libc = ctypes.CDLL(None)  # loaded here, because little is safe between fork and exec

    def tie() -> None:
        # A shell that runs us in the background leaves SIGINT ignored; a child must be able to hear it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        libc.prctl(_PR_SET_PDEATHSIG, int(on_death))
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return tie


def die_with_parent_now(on_death: signal.Signals) -> None:
    """The same for this very process."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(on_death))


def start(
    command: Sequence[str],
    log: BinaryIO,
    *,
    on_death: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    listens: bool = False,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches it only through us; `tell` one that listens."""
    return subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE if listens else subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=None if environment is None else dict(environment),
        cwd=folder,
        start_new_session=True,
        preexec_fn=die_with_parent(on_death),  # noqa: PLW1509 -- two system calls, nothing that takes a lock
    )


def tell(process: subprocess.Popen[bytes]) -> None:
    """Say once that what the process needs is ready; one that has ended already hears nothing."""
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin as said:
            said.write(b"go\n")


def wait_until_told() -> None:
    """The other side of `tell`; ends this process when whoever should tell it is gone."""
    if not sys.stdin.readline():
        sys.exit(1)


def loaded() -> None:
    """Call once when everything is imported, `gc.disable()` before: what is here now lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
    gc.enable()


def end(process: subprocess.Popen[bytes], ask: signal.Signals, grace: float) -> None:
    """Ask with a signal, wait at most `grace` seconds, then kill the whole group."""
    if process.poll() is None:
        process.send_signal(ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    kill_group(process.pid)
    process.wait()


def kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, for an error message."""
    if not log.is_file():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        text = file.read().decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:])
