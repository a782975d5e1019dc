"""A real PostgreSQL for every test worker, and a fresh copy of our database for every test that asks for one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from adapters.postgres import GATEWAY, OWNER, SUPERUSER, WORKER, Throwaway, throwaway
from db.migrations import migrate
from db.pool import start
from db.roles import close_database

TEMPLATE = "portcullis"


@dataclass(frozen=True, slots=True)
class Database:
    """One migrated database without a row, and how each role reaches it."""

    server: Throwaway
    name: str

    @property
    def owner(self) -> str:
        return self.server.dsn(OWNER, self.name)

    @property
    def gateway(self) -> str:
        return self.server.dsn(GATEWAY, self.name)

    @property
    def worker(self) -> str:
        return self.server.dsn(WORKER, self.name)

    @asynccontextmanager
    async def connect(self, dsn: str | None = None) -> AsyncIterator[asyncpg.Connection]:
        """A connection of its own; as the owner unless told otherwise."""
        connection = await asyncpg.connect(dsn or self.owner)
        try:
            await start(connection)
            yield connection
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Throwaway]:
    """A cluster of this test worker's own: PostgreSQL 15 to 18, as PORTCULLIS_POSTGRES says."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    with throwaway(folder, os.environ.get("PORTCULLIS_POSTGRES", "auto")) as server:
        yield server


@pytest.fixture(scope="session")
async def template(postgres: Throwaway) -> Database:
    """The migrated database that the others are copied from; nobody connects to it again."""
    await migrate(postgres.owner_dsn, {})
    return Database(postgres, TEMPLATE)


@asynccontextmanager
async def copied(template: Database, name: str) -> AsyncIterator[Database]:
    """A copy of a database for as long as it is needed."""
    await _administer(template.server, OWNER, f"create database {name} template {template.name}")
    copy = Database(template.server, name)
    async with copy.connect() as connection:
        await close_database(connection)
    yield copy
    # Only a superuser may end what PostgreSQL itself has running there, such as autovacuum.
    await _administer(template.server, SUPERUSER, f"drop database {name} with (force)")


async def _administer(server: Throwaway, role: str, statement: str) -> None:
    admin = await asyncpg.connect(server.dsn(role, "postgres"))
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


_COPIES = iter(range(1_000_000))


@pytest.fixture
async def database(template: Database) -> AsyncIterator[Database]:
    """A fresh copy for one test."""
    async with copied(template, f"copy_{next(_COPIES)}") as copy:
        yield copy


@pytest.fixture(scope="module")
async def shared_database(template: Database) -> AsyncIterator[Database]:
    """A fresh copy for the tests of one module, which keep out of each other's way by ids of their own."""
    async with copied(template, f"copy_{next(_COPIES)}") as copy:
        yield copy
