"""One demo marketplace for all tests of this folder; they read it, or write what nobody else looks at."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from adapters.opa.client import OpaClient
from adapters.payments.client import PaymentsClient
from adapters.vault import Vault
from cli.seed import seed
from db.ids import new_id
from db.leases import PostgresLeases
from db.pool import create_pool
from db.store import PostgresStore
from domain.ports import Ports
from tests.adapters.payments.process import Sandbox
from tests.conftest import Database, copied
from tests.schema.demo import Demo
from wiring.settings import DEVELOPMENT_KEY, Settings


@pytest.fixture(scope="session")
async def demo(template: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    sandbox = Sandbox(home).start()
    try:
        async with copied(template, "schema_tests") as database:
            await seed(Settings(home=home, database_url=SecretStr(database.owner), payments_url=sandbox.url))
            pool = await create_pool(database.gateway, 4)
            async with OpaClient(home / "opa.sock") as policy, PaymentsClient(sandbox.url, DEVELOPMENT_KEY) as payments:
                store = PostgresStore(pool, Vault(DEVELOPMENT_KEY))
                yield Demo(database, pool, Ports(store, policy, new_id, payments, PostgresLeases(pool, new_id())))
            await pool.close()
    finally:
        sandbox.stop()
