"""Runs parts in dependency order, keeps their processes alive, and ends all of them; knows none by name."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters import processes
from cli.leftovers import SUPERVISED
from cli.parts import Part, Process, Step

LOOK_EVERY = 0.02
LARGEST_LOG = 5_000_000
# A process that dies before it was ever ready is tried this often before the start is given up.
FIRST_TRIES = 3
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
SAME_MOMENT_S = 1.0


class StartError(RuntimeError):
    """A part did not come up; the message says which one and where its log is."""


class _Told(Exception):  # noqa: N818 -- no error: somebody asked us to end
    pass


@dataclass(slots=True)
class _Kept:
    """What is known of one part while it runs."""

    part: Part
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    child: subprocess.Popen[bytes] | None = None


class Supervisor:
    def __init__(
        self, parts: Sequence[Part], *, home: Path, announce: Callable[[], None], say: Callable[[str], None]
    ) -> None:
        self._home = home
        self._announce = announce
        self._say = say
        self._told = asyncio.Event()
        self._told_at = 0.0
        self._hurry = asyncio.Event()
        self._kept: dict[str, _Kept] = {}
        for part in parts:
            if not set(part.needs) <= self._kept.keys():
                raise ValueError(f"{part.name} needs {part.needs}, which must stand before it.")
            self._kept[part.name] = _Kept(part)

    async def run(self) -> None:
        """Returns when told to end by a signal; raises StartError when a part does not come up."""
        self._listen()
        self._home.joinpath("run").mkdir(parents=True, exist_ok=True)
        self._home.joinpath("logs").mkdir(parents=True, exist_ok=True)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._until_told())
                for kept in self._kept.values():
                    group.create_task(self._keep(kept))
                for kept in self._kept.values():
                    await kept.ready.wait()
                self._announce()
        except* _Told:
            self._say("stopping")
        except* StartError as errors:
            raise errors.exceptions[0] from None
        finally:
            await self._end_all()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._tell)

    def _tell(self) -> None:
        """Told again, nobody is waited for; but a terminal and `make` both pass one Ctrl-C on, in the same moment."""
        now = time.monotonic()
        if not self._told.is_set():
            self._told_at = now
            self._told.set()
        elif now - self._told_at > SAME_MOMENT_S:
            self._hurry.set()

    async def _until_told(self) -> None:
        await self._told.wait()
        raise _Told

    async def _keep(self, kept: _Kept) -> None:
        if isinstance(kept.part, Step):
            await self._needs_of(kept.part)
            await self._do(kept, kept.part)
        else:
            await self._keep_alive(kept, kept.part)

    async def _needs_of(self, part: Part) -> None:
        for name in part.needs:
            await self._kept[name].ready.wait()

    async def _do(self, kept: _Kept, step: Step) -> None:
        started = time.monotonic()
        child = self._start(kept)
        try:
            async with asyncio.timeout(step.deadline):
                code = await exit_of(child)
        except TimeoutError:
            raise StartError(self._failure(step, f"did not end within {step.deadline:.0f} s")) from None
        if code != 0:
            raise StartError(self._failure(step, f"failed with {code}"))
        kept.child = None
        kept.ready.set()
        self._say(f"{step.name} done in {time.monotonic() - started:.1f} s")

    async def _keep_alive(self, kept: _Kept, process: Process) -> None:
        failures = 0
        if not process.early:
            await self._needs_of(process)
        while True:
            was_up, what = await self._live_once(kept, process)
            failures = 0 if was_up else failures + 1
            if failures >= FIRST_TRIES and not kept.ready.is_set():
                raise StartError(self._failure(process, what))
            self._say(f"{process.name} {what}; starting it again")
            if failures:  # one that was up is missed already
                await asyncio.sleep(min(SHORTEST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))

    async def _live_once(self, kept: _Kept, process: Process) -> tuple[bool, str]:
        """Start the process and wait for its end; answers whether it ever was ready, and how it ended."""
        try:
            if process.before is not None:
                await asyncio.to_thread(process.before)
        except (RuntimeError, OSError) as error:
            return False, f"cannot start: {error}"
        child = self._start(kept)
        if process.early:
            await self._needs_of(process)
            processes.tell(child)
        was_up = await self._comes_up(kept, process, child)
        code = await exit_of(child)
        processes.kill_group(child.pid)
        self._pid_file(process).unlink(missing_ok=True)
        return was_up, f"ended with {code}" + ("" if was_up else " before it was ready")

    async def _comes_up(self, kept: _Kept, process: Process, child: subprocess.Popen[bytes]) -> bool:
        """True once the process is ready, False when it ended before. Only the very first start has a deadline."""
        started = time.monotonic()
        while not await process.ready(child.pid):
            if child.poll() is not None:
                return False
            if not kept.ready.is_set() and time.monotonic() - started > process.deadline:
                raise StartError(self._failure(process, f"was not ready within {process.deadline:.0f} s"))
            await asyncio.sleep(LOOK_EVERY)
        kept.ready.set()
        self._say(f"{process.name} ready in {time.monotonic() - started:.1f} s")
        return True

    def _start(self, kept: _Kept) -> subprocess.Popen[bytes]:
        part = kept.part
        log = self._log(part)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        environment = {**os.environ, "PORTCULLIS_HOME": str(self._home), SUPERVISED: str(self._home)}
        with log.open("ab") as out:
            kept.child = processes.start(
                part.command,
                out,
                on_death=part.ask,
                environment={**environment, **part.environment},
                listens=isinstance(part, Process) and part.early,
            )
        if isinstance(part, Process):
            file = self._pid_file(part)
            draft = file.with_suffix(".pid.new")
            draft.write_text(f"{kept.child.pid}\n")
            draft.replace(file)
        return kept.child

    async def _end_all(self) -> None:
        for kept in reversed(self._kept.values()):
            if kept.child is not None:
                await self._end(kept.part, kept.child)
            self._pid_file(kept.part).unlink(missing_ok=True)

    async def _end(self, part: Part, child: subprocess.Popen[bytes]) -> None:
        if child.poll() is None:
            child.send_signal(part.ask)
            exited = asyncio.ensure_future(exit_of(child))
            hurry = asyncio.ensure_future(self._hurry.wait())
            await asyncio.wait({exited, hurry}, timeout=part.grace, return_when=asyncio.FIRST_COMPLETED)
            hurry.cancel()
            if not exited.done():
                self._say(f"{part.name} does not end by itself; killing it")
                exited.cancel()
        processes.kill_group(child.pid)
        child.wait()

    def _failure(self, part: Part, what: str) -> str:
        log = self._log(part)
        end = processes.tail(log)
        return f"{part.name} {what}. Its log is {log}" + (f", which ends with:\n{end}" if end else ".")

    def _log(self, part: Part) -> Path:
        return self._home / "logs" / f"{part.name}.log"

    def _pid_file(self, part: Part) -> Path:
        return self._home / "run" / f"{part.name}.pid"


async def exit_of(child: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a child without a thread of its own."""
    if child.poll() is not None:
        return child.returncode
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    descriptor = os.pidfd_open(child.pid)
    loop.add_reader(descriptor, _settle, ended)
    try:
        await ended
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return child.wait()


def _settle(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
