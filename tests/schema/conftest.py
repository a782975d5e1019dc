"""One demo marketplace for all tests of this folder; they read it, or write what nobody else looks at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import asyncpg
import pytest
from pydantic import SecretStr

from adapters import tools
from adapters.opa import bundle, config
from adapters.opa.gates.engine import Engine
from adapters.postgres import SUPERUSER
from adapters.telemetry import logger
from cli.seed import seed
from gateway.app import Parts
from gateway.main import parts_of
from tests.adapters.payments.process import Sandbox
from tests.conftest import Database, copied
from tests.gateway.ground import Client, Running, listening
from tests.schema.demo import Demo
from tests.schema.story import tell
from wiring.runtime import open_runtime
from wiring.settings import Settings

NAME = "schema_tests"


@pytest.fixture(scope="session")
async def settings(template: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """A seeded marketplace with its provider and its policy engine; every statement of its gateway is logged."""
    home = tmp_path_factory.mktemp("demo")
    sandbox = Sandbox(home).start()
    try:
        async with copied(template, NAME) as database:
            await _log_statements(database)
            found = Settings(
                home=home,
                database_url=SecretStr(database.owner),
                gateway_database_url=SecretStr(database.gateway),
                worker_database_url=SecretStr(database.worker),
                payments_url=sandbox.url,
                operation_deadline_ms=60_000,
                policy_deadline_ms=5_000,  # the machine may be busy; no test here is about a slow engine
            )
            await seed(found)
            engine = _engine(found)
            engine.start()
            try:
                yield found
            finally:
                engine.stop()
    finally:
        sandbox.end()


async def _log_statements(database: Database) -> None:
    """The server writes each statement of the gateway's role to its log, before it runs it."""
    admin = await asyncpg.connect(database.server.dsn(SUPERUSER, database.name))
    try:
        await admin.execute(f"alter role portcullis_gateway in database {database.name} set log_statement = 'all'")
        await admin.execute(
            f"alter role portcullis_gateway in database {database.name} set log_parameter_max_length = 0"
        )
    finally:
        await admin.close()


def _engine(settings: Settings) -> Engine:
    opa = tools.ensure(tools.OPA, settings.tools)
    folder = settings.opa_socket.parent
    folder.mkdir(parents=True, exist_ok=True)
    bundle.write_all(folder / "opa", opa, 1)
    config.write(folder / "opa.yaml")
    return Engine(opa, folder, authz=True)


@pytest.fixture(scope="session")
async def demo(template: Database, settings: Settings) -> AsyncIterator[Demo]:
    async with open_runtime(settings, "gateway") as runtime:
        found = Demo(Database(template.server, NAME), runtime)
        await tell(found)
        yield found


@pytest.fixture(scope="session")
def running(settings: Settings) -> Iterator[Running]:
    """The gateway as it is served: its own pool, its own loop, over HTTP."""

    @asynccontextmanager
    async def build(running: Running) -> AsyncIterator[Parts]:
        async with open_runtime(settings, "gateway") as runtime:
            yield replace(parts_of(runtime), log=logger("gateway", running.log))

    with listening(build) as found:
        yield found


@pytest.fixture(scope="session")
async def http(running: Running) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield Client(running.url, session)
