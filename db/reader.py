"""The one way of a read: one connection, one read-only snapshot, one organization, held no longer than needed."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg

from db.scopes import Arguments


class DatabaseUnavailableError(Exception):
    """The database cannot be reached, or no connection came free in time."""


class Reader:
    """Batches of one operation. The first batch begins the snapshot; `end` gives the connection back.

    A batch after `end` begins a new snapshot, so nothing is held while something else than PostgreSQL is awaited.
    """

    def __init__(self, pool: asyncpg.Pool, organization: UUID, person: UUID, wait_s: float = 2.0) -> None:
        self._pool = pool
        self._organization = organization
        self._person = person
        self._wait_s = wait_s
        self._lock = asyncio.Lock()
        self._connection: Any = None
        self.statements = 0

    async def fetch(self, sql: str, bind: Arguments) -> list[asyncpg.Record]:
        """One batch. Raises `DatabaseUnavailableError` when the database is lost."""
        async with self._lock:
            try:
                if self._connection is None:
                    await self._begin()
                self.statements += 1
                records: list[asyncpg.Record] = await self._connection.fetch(sql, *bind.values)
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
                await self._drop()
                raise DatabaseUnavailableError(str(error)) from error
            return records

    async def end(self) -> None:
        """End the snapshot; harmless when none is open."""
        async with self._lock:
            if self._connection is None:
                return
            connection, self._connection = self._connection, None
            try:
                await connection.execute("commit")
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
                pass  # only read: there is nothing to lose
            finally:
                await self._pool.release(connection)

    async def _begin(self) -> None:
        try:
            connection = await self._pool.acquire(timeout=self._wait_s)
        except TimeoutError as error:
            raise DatabaseUnavailableError("no connection came free in time") from error
        self._connection = connection
        await connection.execute(
            "begin isolation level repeatable read read only; "
            f"select set_config('app.org', '{self._organization}', true),"
            f" set_config('app.person', '{self._person}', true)"
        )

    async def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._pool.release(connection)
