"""The one way of a read: one connection, one read-only snapshot, one organization, held no longer than needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from db.lending import Pool
from db.scopes import Arguments

_ALONE = """
with s as materialized (select set_config('app.org', {org}, true) as org, set_config('app.person', {person}, true))
select a.* from s cross join lateral (select q.* from ({sql}) q where s.org is not null offset 0) a"""


class DatabaseUnavailableError(Exception):
    """The database cannot be reached, or no connection came free in time."""


class Reader:
    """Batches of one operation. The first batch begins the snapshot; `end` gives the connection back.

    A batch after `end` begins a new snapshot. While an operation is `away`, each batch has a snapshot of its own, so
    that no connection is held while something else is awaited, be it the policy engine or another connection.

    The first batch of a reader that is `alone` is one statement, and so its own snapshot; should another batch follow
    after all, that one begins a snapshot.
    """

    def __init__(
        self, pool: Pool, organization: UUID, person: UUID, wait_s: float = 2.0, *, alone: bool = False
    ) -> None:
        self._pool = pool
        self._organization = organization
        self._person = person
        self._wait_s = wait_s
        self._lock = asyncio.Lock()
        self._connection: Any = None
        self._away = 0
        self._alone = alone
        self.statements = 0

    async def fetch(self, sql: str, bind: Arguments) -> list[asyncpg.Record]:
        """One batch. Raises `DatabaseUnavailableError` when the database is lost."""
        async with self._lock:
            try:
                self.statements += 1
                if self._alone:
                    self._alone = False
                    return await self._only(sql, bind)
                if self._connection is None:
                    await self._begin()
                connection: Any = self._connection
                records: list[asyncpg.Record] = await connection.fetch(sql, *bind.values)
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
                await self._drop()
                raise DatabaseUnavailableError(str(error)) from error
            if self._away:
                await self._commit()
            return records

    async def end(self) -> None:
        """End the snapshot; harmless when none is open."""
        async with self._lock:
            await self._commit()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """For as long as something else is awaited; batches of other fields may go on meanwhile."""
        self._away += 1
        try:
            await self.end()
            yield
        finally:
            self._away -= 1

    async def _commit(self) -> None:
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        ended = False
        try:
            await connection.execute("commit")
            ended = True
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            pass  # only read: there is nothing to lose
        finally:
            if ended:
                self._pool.hand_on(connection)
            else:
                await self._pool.release(connection)

    async def _only(self, sql: str, bind: Arguments) -> list[asyncpg.Record]:
        """Lateral and not a plain join, whose order nobody promises: tables could be read before the context is set."""
        org, person = bind(str(self._organization), "text"), bind(str(self._person), "text")
        connection = self._connection = await self._taken()
        try:
            records: list[asyncpg.Record] = await connection.fetch(
                _ALONE.format(org=org, person=person, sql=sql), *bind.values
            )
        except BaseException:
            await self._drop()  # or the next batch would find it without context
            raise
        self._connection = None
        self._pool.hand_on(connection)
        return records

    async def _taken(self) -> Any:
        try:
            return await self._pool.take(self._wait_s)
        except TimeoutError as error:
            raise DatabaseUnavailableError("no connection came free in time") from error

    async def _begin(self) -> None:
        connection = self._connection = await self._taken()
        try:
            await connection.execute(
                "begin isolation level repeatable read read only; "
                f"select set_config('app.org', '{self._organization}', true),"
                f" set_config('app.person', '{self._person}', true)"
            )
        except BaseException:
            await self._drop()
            raise

    async def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._pool.release(connection)
