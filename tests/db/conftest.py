"""A seeded world on a database of its own, seen by the gateway and by the owner."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from pydantic import SecretStr

from cli.seed import seed
from db.pool import create_pool
from tests.adapters.payments.process import Sandbox
from tests.conftest import Database, copied
from tests.db.world import World, seeded
from wiring.settings import Settings


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    async with database.connect() as connection:
        yield connection


@pytest.fixture
async def gateway(database: Database) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(database.gateway, 16)
    yield pool
    await pool.close()


@pytest.fixture
async def world(gateway: asyncpg.Pool, owner: asyncpg.Connection) -> World:
    return await seeded(gateway, owner)


@pytest.fixture(scope="module")
async def shared(shared_database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection to an empty database that several tests only look at."""
    async with shared_database.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
async def demo(template: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """The seeded demo, to be copied and never connected to again."""
    async with copied(template, "demo") as database:
        home = tmp_path_factory.mktemp("home")
        provider = Sandbox(home).start()
        await seed(Settings(home=home, database_url=SecretStr(database.owner), payments_url=provider.url))
        provider.end()
        yield database
