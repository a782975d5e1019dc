"""Carries announcements from the outbox to the configured URL, at least once; decides nothing."""

import asyncio
import random
import time
from contextlib import suppress

import aiohttp

from adapters.payments.sandbox.clerk import Clerk
from adapters.payments.sandbox.outbox import Announcement, Outbox
from adapters.payments.webhooks import SIGNATURE_HEADER, signature_header

TIMEOUT = aiohttp.ClientTimeout(total=5.0)
LONGEST_NAP = 60.0


class Courier:
    def __init__(self, outbox: Outbox, clerk: Clerk, url: str, secret: str) -> None:
        self._outbox = outbox
        self._clerk = clerk
        self._url = url
        self._secret = secret
        self._news = asyncio.Event()

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            while True:
                self._news.clear()
                for announcement in await self._clerk.do(self._outbox.due):
                    await self._carry(session, announcement)
                await self._nap()

    async def _carry(self, session: aiohttp.ClientSession, announcement: Announcement) -> None:
        if await self._deliver(session, announcement.body):
            await self._clerk.do(lambda: self._outbox.delivered(announcement))
            return
        draw = random.random()  # noqa: S311 -- jitter, no secret
        await self._clerk.do(lambda: self._outbox.failed(announcement, draw))

    async def _deliver(self, session: aiohttp.ClientSession, body: bytes) -> bool:
        headers = {
            "Content-Type": "application/json",
            SIGNATURE_HEADER: signature_header(self._secret, int(time.time()), body),
        }
        try:
            async with session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def _nap(self) -> None:
        due_at = await self._clerk.do(self._outbox.next_due_at)
        nap = LONGEST_NAP if due_at is None else min(max(due_at - time.time(), 0.0), LONGEST_NAP)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), nap)
