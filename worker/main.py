"""The worker process: opens the world, lets its classes look until told to end, closes the world."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence

from adapters.telemetry import Log, catch_library_logs, logger
from db.ids import new_id
from db.leases import PostgresLeases
from wiring.runtime import Runtime, open_runtime
from wiring.settings import Settings
from worker.passes import Pass, keep_looking
from worker.sagas import Sagas
from worker.timers import Timers

CLASSES: dict[str, Callable[[Runtime, PostgresLeases, Log], Pass]] = {Sagas.name: Sagas, Timers.name: Timers}


async def work(settings: Settings, only: Sequence[str] = ()) -> None:
    """Returns after the signal to end, when what is under way has been written down."""
    catch_library_logs("worker")
    log, stop = logger("worker"), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    settings.run_folder.mkdir(parents=True, exist_ok=True)
    async with open_runtime(settings, "worker") as runtime:
        leases = PostgresLeases(runtime.pool, new_id())
        log.info("started", classes=list(only) or list(CLASSES))
        async with asyncio.TaskGroup() as group:
            for name, make in CLASSES.items():
                if not only or name in only:
                    one = make(runtime, leases, log)
                    group.create_task(keep_looking(one, settings.run_folder / "worker.ready", log, stop))
        log.info("stopped")
