"""One gateway for all tests of this folder that do not stop it; its people are those of the database tests."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from adapters.opa.client import OpaClient
from adapters.payments.client import PaymentsClient
from adapters.telemetry import Figures, logger
from adapters.tokens import DevelopmentIssuer
from adapters.vault import Vault
from db.ids import new_id
from db.leases import PostgresLeases
from db.pool import create_pool
from db.store import PostgresStore
from domain.ports import Ports
from gateway.app import Parts
from gateway.measured import measured
from tests.conftest import Database, copied
from tests.db.world import World, seeded
from tests.gateway.ground import SCHEMA, SDL, Build, Client, Running, listening

ISSUER, AUDIENCE = "test", "portcullis"


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with three people, and the folder with the key that signs for them."""

    database: Database
    world: World
    keys: Path


@pytest.fixture(scope="session")
async def ground(template: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with copied(template, "gateway_tests") as database, database.connect() as owner:
        pool = await create_pool(database.gateway, 2)
        world = await seeded(pool, owner)
        yield Ground(database, world, tmp_path_factory.mktemp("keys"))
        await pool.close()


def built(ground: Ground, *, dsn: str | None = None, socket: Path | None = None, deadline_s: float = 30.0) -> Build:
    """The parts of a gateway for the small schema; `dsn` names another database, `socket` a policy engine."""

    @asynccontextmanager
    async def build(running: Running) -> AsyncIterator[Parts]:
        issuer = DevelopmentIssuer(ground.keys, ISSUER, AUDIENCE)
        pool = await create_pool(dsn or ground.database.gateway, 4, smallest=0)
        figures = Figures()
        nobody = PaymentsClient("http://127.0.0.1:9", "key")
        async with OpaClient(socket or ground.keys / "opa.sock") as policy, nobody as payments:
            ports = Ports(PostgresStore(pool, Vault("test")), policy, new_id, payments, PostgresLeases(pool, new_id()))
            yield Parts(
                schema=SCHEMA,
                sdl=SDL,
                open_context=running.open_context,
                pool=pool,
                ports=measured(ports, figures),
                keys=issuer.keys(),
                issuer=ISSUER,
                audience=AUDIENCE,
                deadline_s=deadline_s,
                figures=figures,
                log=logger("gateway", running.log),
                development=issuer,
            )
        await pool.close()

    return build


@pytest.fixture(scope="session")
def running(ground: Ground) -> Iterator[Running]:
    with listening(built(ground)) as found:
        yield found


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session


@pytest.fixture
def client(running: Running, http: aiohttp.ClientSession) -> Client:
    return Client(running.url, http)


@pytest.fixture
def forge_free_token(ground: Ground) -> str:
    """A good token of the buyer, in a session that was started before."""
    now = int(time.time())
    key = ECKey.import_key(json.loads((ground.keys / "issuer.json").read_text()))
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(ground.world.buyer.id), "jti": "t1", "iat": now}
    header = {"alg": "ES256", "typ": "at+jwt", "kid": str(key.kid)}
    return jwt.encode(header, {**claims, "exp": now + 600}, key, algorithms=["ES256"])
