"""Actions that fall due by the database clock: decided like any other, tried again later when they fail."""

from __future__ import annotations

import asyncio

from adapters.telemetry import Log, told
from db.due import DueTimer, due_timers
from db.leases import PostgresLeases
from db.outages import is_outage
from domain.act import act
from domain.command import Actor, Command
from wiring.runtime import Runtime
from worker.passes import AT_ONCE, new_request

TRIED_S = 30  # how long one try may take before another process may try
LONGEST_S = 3600


class Timers:
    """One look: every due timer acts. What the action does includes forgetting its timer."""

    name = "timer"

    def __init__(self, runtime: Runtime, leases: PostgresLeases, log: Log) -> None:
        self._runtime = runtime
        self._leases = leases
        self._log = log

    async def look(self) -> bool:
        due = await due_timers(self._runtime.pool, AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for timer in due:
                group.create_task(self._fire(timer))
        return bool(due)

    async def _fire(self, timer: DueTimer) -> None:
        request = new_request()
        home = timer.target.home
        try:
            tried = await self._leases.take_named(timer.lease, home, TRIED_S)
            if tried is None:
                return
            command = Command(timer.action, Actor(home), request, target=timer.target)
            outcome = await act(command, self._runtime.ports)
            if outcome.refusal is not None:  # the lease keeps it away from everybody until it is tried again
                await self._leases.hold_named(timer.lease, tried, min(LONGEST_S, 2 ** min(tried, 12)))
        except Exception as error:  # noqa: BLE001 -- one timer must not stop the others; its lease lapses
            level = self._log.warning if is_outage(error) else self._log.error
            level("timer stopped", action=timer.action, request_id=request.request_id, error=told(error))
        else:
            refusal = outcome.refusal.code if outcome.refusal else None
            self._log.info("timer acted", action=timer.action, request_id=request.request_id, refusal=refusal)
