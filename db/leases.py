"""Who drives a saga or a timer now: leases of one process, through the doors of the database."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg

from db import write
from domain.command import Ref


class PostgresLeases:
    """Implements `domain.ports.Leases`; `holder` is this process."""

    def __init__(self, pool: asyncpg.Pool | asyncpg.Connection, holder: UUID) -> None:
        self._pool = pool
        self._holder = holder

    async def take(self, saga: Ref, seconds: int) -> int | None:
        return await self.take_named(f"saga:{saga.id}", saga.home, seconds)

    async def take_named(self, name: str, organization: UUID, seconds: int) -> int | None:
        """The same for work that is no saga; the fence counts how often it was taken."""
        return await write.lease(self._pool, name, organization, self._holder, seconds)

    async def give_back(self, saga: Ref, fence: int) -> None:
        """Let the next one have it at once; nothing happens where it is lost already."""
        await write.beat(self._pool, f"saga:{saga.id}", self._holder, fence, 0)

    async def hold_named(self, name: str, fence: int, seconds: int) -> None:
        """Keep such work for so long from now, or with 0 seconds let go of it."""
        await write.beat(self._pool, name, self._holder, fence, seconds)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
