"""Every invariant holds on the demo, and reports the damage that it is there to find."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from adapters.postgres import SUPERUSER
from db.invariants import LEAVES, Finding, examine, examine_leaves, invariants
from tests.conftest import Database, copied
from tests.db.plants import PLANTS, Plant

INVARIANTS = {invariant.name: invariant for invariant in invariants()}


@pytest.fixture(scope="module")
async def scratch(demo: Database) -> AsyncIterator[Database]:
    """A copy of the demo, in which all damage is undone."""
    async with copied(demo, "scratch") as database:
        yield database


@pytest.fixture(scope="module")
async def owner(scratch: Database) -> AsyncIterator[asyncpg.Connection]:
    async with scratch.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
async def almighty(scratch: Database) -> AsyncIterator[asyncpg.Connection]:
    async with scratch.connect(scratch.server.dsn(SUPERUSER, scratch.name)) as connection:
        yield connection


async def found(connection: asyncpg.Connection, check: str) -> Finding:
    async with connection.transaction():
        return await (examine_leaves(connection) if check == LEAVES else examine(connection, INVARIANTS[check]))


def test_every_invariant_has_its_damage() -> None:
    """None of them is there without proof that it fires."""
    assert {plant.check for plant in PLANTS} == {*INVARIANTS, LEAVES}


@pytest.mark.parametrize("check", [*INVARIANTS, LEAVES])
async def test_the_demo_holds_every_invariant(owner: asyncpg.Connection, check: str) -> None:
    """And there is something to look at."""
    finding = await found(owner, check)
    assert finding.examples == ()
    assert finding.violations == 0


@pytest.mark.parametrize("plant", PLANTS, ids=[f"{plant.check}-{n}" for n, plant in enumerate(PLANTS)])
async def test_damage_is_refused_and_once_its_guards_are_gone_reported(
    owner: asyncpg.Connection, almighty: asyncpg.Connection, plant: Plant
) -> None:
    """The database refuses it, at the latest when it commits; the checker finds it where the database could not."""
    if plant.refused:
        with pytest.raises(asyncpg.PostgresError):
            async with owner.transaction():
                await owner.execute(plant.sql)
    assert (await found(owner, plant.check)).violations == 0
    undone = almighty.transaction()
    await undone.start()
    for guard in plant.guards:
        await almighty.execute(guard)
    await almighty.execute("set local session_replication_role = replica")
    await almighty.execute(plant.sql)
    finding = await found(almighty, plant.check)
    await undone.rollback()
    assert finding.violations > 0
    assert finding.examples
