"""What all classes of the worker share: how often they look, and the request that one look's work carries."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from adapters.telemetry import Log, told
from db.outages import is_outage
from domain.command import Request

AT_ONCE = 8  # of one class
SHORTEST_S, LONGEST_S = 0.05, 1.0


class Pass(Protocol):
    """One class of background work."""

    name: str

    async def look(self) -> bool: ...


def new_request() -> Request:
    return Request(request_id=str(uuid4()), trace_id=uuid4().hex, channel="worker")


async def keep_looking(work: Pass, ready: Path, log: Log, stop: asyncio.Event) -> None:
    """Look again and again: soon after there was something, rarely in quiet times; each look touches `ready`."""
    pause = SHORTEST_S
    while not stop.is_set():
        try:
            found = await work.look()
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("database away", work=work.name, error=told(error))
            found = False
        else:
            ready.touch()  # noqa: ASYNC240 -- a local file, in microseconds
        pause = SHORTEST_S if found else min(LONGEST_S, pause * 2)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
