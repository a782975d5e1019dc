"""A deadline that counts only time in which this process listened: its own lag is not the other side's silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SLICES = 5


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """Raises `TimeoutError` inside once `seconds` have passed, in slices that each need a turn of the event loop.

    A plain timer that is overdue when a busy loop comes back cancels its task in the very turn that reads the answer
    off the socket. A slice that fires late starts the next one late, so the answer is heard first.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle
    async with asyncio.timeout(None) as scope:

        def spend(left: int) -> None:
            nonlocal timer
            if left == 0:
                scope.reschedule(loop.time())
            else:
                timer = loop.call_later(seconds / SLICES, spend, left - 1)

        timer = loop.call_later(seconds / SLICES, spend, SLICES - 1)
        try:
            yield
        finally:
            timer.cancel()
