"""Who drives a saga now: leases by the database clock, through the doors `lease` and `beat`; steps are not its business."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg

from domain.command import Ref


class PostgresLeases:
    """Implements `domain.ports.Leases` for one process, which is the `holder`."""

    def __init__(self, pool: asyncpg.Pool, holder: UUID) -> None:
        self._pool = pool
        self._holder = holder

    async def take(self, saga: Ref, seconds: int) -> int | None:
        """The fence of a new holding; None while somebody else holds the saga."""
        fence: int | None = await self._pool.fetchval(
            "select lease($1, $2, $3, $4)", name_of(saga), saga.home, self._holder, seconds
        )
        return fence

    async def beat(self, saga: Ref, fence: int, seconds: int) -> bool:
        """Hold longer, or with 0 seconds give back; False when it belongs to somebody else by now."""
        held: bool = await self._pool.fetchval(
            "select beat($1, $2, $3, $4)", name_of(saga), self._holder, fence, seconds
        )
        return held

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def name_of(saga: Ref) -> str:
    """The lease of one saga."""
    return f"saga:{saga.id}"
