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


@pytest.fixture
async def scratch(demo: Database) -> AsyncIterator[Database]:
    """A copy of the demo to be damaged."""
    async with copied(demo, "scratch") as database:
        yield database


async def found(database: Database, check: str) -> Finding:
    async with database.connect() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        return await (examine_leaves(connection) if check == LEAVES else examine(connection, INVARIANTS[check]))


async def damage(connection: asyncpg.Connection, plant: Plant) -> None:
    """In one transaction, so that deferred constraints have their say at the end."""
    async with connection.transaction():
        await connection.execute(plant.sql)


def test_every_invariant_has_its_damage() -> None:
    """None of them is there without proof that it fires."""
    assert {plant.check for plant in PLANTS} == {*INVARIANTS, LEAVES}


@pytest.mark.parametrize("check", [*INVARIANTS, LEAVES])
async def test_the_demo_holds_every_invariant(demo: Database, check: str) -> None:
    """And there is something to look at."""
    finding = await found(demo, check)
    assert finding.examples == ()
    assert finding.violations == 0


@pytest.mark.parametrize("plant", PLANTS, ids=[f"{plant.check}-{n}" for n, plant in enumerate(PLANTS)])
async def test_damage_is_refused_and_once_its_guards_are_gone_reported(scratch: Database, plant: Plant) -> None:
    """The database refuses it first; the checker finds it where the database could not."""
    async with scratch.connect() as owner:
        if plant.refused:
            with pytest.raises(asyncpg.PostgresError):
                await damage(owner, plant)
    assert (await found(scratch, plant.check)).violations == 0
    async with scratch.connect(scratch.server.dsn(SUPERUSER, scratch.name)) as almighty:
        for guard in plant.guards:
            await almighty.execute(guard)
        await almighty.execute("set session_replication_role = replica")
        await damage(almighty, plant)
    finding = await found(scratch, plant.check)
    assert finding.violations > 0
    assert finding.examples
