"""Sagas that nobody drives: taken by lease, driven on from what is written down, one look after the other."""

from __future__ import annotations

import asyncio

from adapters.telemetry import Log, told
from db.due import due_sagas
from db.leases import PostgresLeases
from db.outages import is_outage
from domain.command import Ref
from domain.saga import drive
from domain.sagas.rules import DRIVEN_S
from wiring.runtime import Runtime
from worker.passes import AT_ONCE, new_request


class Sagas:
    """One look: every due saga is driven until it ends or has to wait again."""

    name = "saga"

    def __init__(self, runtime: Runtime, leases: PostgresLeases, log: Log) -> None:
        self._runtime = runtime
        self._leases = leases
        self._log = log

    async def look(self) -> bool:
        """True where there was something to do, so that it is worth looking again soon."""
        due = await due_sagas(self._runtime.pool, AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for saga in due:
                group.create_task(self._resume(saga))
        return bool(due)

    async def _resume(self, saga: Ref) -> None:
        request = new_request()
        try:
            fence = await self._leases.take(saga, DRIVEN_S)
            if fence is None:
                return
            outcome = await drive(saga, request, self._runtime.ports, fence)
            await self._leases.give_back(saga, fence)
        except Exception as error:  # noqa: BLE001 -- one saga must not stop the others; its lease lapses
            level = self._log.warning if is_outage(error) else self._log.error
            level("saga stopped", saga=str(saga.id), request_id=request.request_id, error=told(error))
        else:
            refusal = outcome.refusal.code if outcome and outcome.refusal else None
            self._log.info("saga driven", saga=str(saga.id), request_id=request.request_id, refusal=refusal)
