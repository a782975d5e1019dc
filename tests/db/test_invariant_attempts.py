"""The application roles try to break every invariant: by plain SQL, and through `change` with any permit they like."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from db import write
from db.ids import new_id
from db.invariants import LEAVES, examine, examine_leaves, invariants
from db.pool import create_pool
from domain.effects import VaultPut
from tests.conftest import Database
from tests.db.attempts import ATTEMPTS
from tests.db.ordering import approving
from tests.db.plants import PLANTS
from tests.db.scene import Attempt, Scene
from tests.db.shopping import checkout, filled, leased, placed
from tests.db.world import VAULT, counts, create, seeded

NUMBERS = {invariant.name: invariant.number for invariant in invariants()} | {LEAVES: 11}


NOTE = {"subject_noun": "order", "visibility": "parties"}


@pytest.fixture(scope="module")
async def scene(shared_database: Database, shared: asyncpg.Connection) -> AsyncIterator[Scene]:
    """One marketplace for all attempts: a refused one leaves it as it was."""
    pool = await create_pool(shared_database.gateway, 2)
    world = await seeded(pool, shared)
    baskets = [await filled(world, (await world.variant(3), 1)) for _ in range(2)]
    await world.done(checkout(world, baskets[1]))
    orders = [await placed(world, (await world.variant(3), 1)) for _ in range(2)]
    used = replace(approving(world, orders[1]), idempotency=world.key(world.manager, "order.approve", "used"))
    await world.done(used)
    note = create("note.add", world.acme, new_id(), world.volt, **NOTE, subject=orders[0].order, author=world.buyer.id)
    await world.done(world.change("note.add", world.buyer.actor, note, VaultPut(world.acme, note.id, "text", "Hello")))
    stocks = {row["variant"]: row["id"] for row in await shared.fetch("select id, variant from stock")}
    yield Scene(world, *baskets, *orders, note.id, await leased(world, baskets[1]), stocks)
    await pool.close()


def test_every_invariant_is_attempted() -> None:
    """At least three times by plain SQL or through `change`; whatever `verify` checks is among them."""
    tried = Counter([*(NUMBERS[plant.check] for plant in PLANTS), *(attempt.number for attempt in ATTEMPTS)])
    assert set(NUMBERS.values()) <= tried.keys()
    assert {number: times for number, times in tried.items() if times < 3} == {}
    through = Counter(attempt.number for attempt in ATTEMPTS)
    assert through.keys() >= set(NUMBERS.values())
    assert min(through.values()) >= 3


@pytest.mark.parametrize("role", ["gateway", "worker"])
async def test_no_damage_can_be_done_by_plain_sql(shared_database: Database, scene: Scene, role: str) -> None:
    """Everything that the checker is tested with is refused: 42501, all of it."""
    async with shared_database.connect(getattr(shared_database, role)) as attacker:
        for plant in PLANTS:
            # A right that one does not hold is not passed on: PostgreSQL only warns (test_sql_attacks.py).
            for sql in (one for one in (plant.sql, *plant.guards) if not one.startswith("grant")):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    pytest.fail(f"{sql}: {await attacker.execute(sql)}")


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=[f"{a.number} {a.why}" for a in ATTEMPTS])
async def test_no_permit_breaks_an_invariant(scene: Scene, shared: asyncpg.Connection, attempt: Attempt) -> None:
    """The door refuses it by its code, and nothing of it is written."""
    before = await counts(shared)
    assert await answered(scene, attempt) == attempt.answer
    assert await counts(shared) == before


async def answered(scene: Scene, attempt: Attempt) -> str:
    try:
        row = await scene.world.pool.fetchrow(
            "select code from change($1, $2, $3, $4, $5)", *write.encode(attempt.change(scene), VAULT)
        )
    except asyncpg.PostgresError as error:
        if error.sqlstate.startswith("PC") and error.sqlstate not in ("PC022", "PC090"):
            return type(write.refused(error)).__name__
        return str(error.sqlstate)
    return str(row["code"]).capitalize()


async def test_after_all_attempts_every_invariant_holds(scene: Scene, shared: asyncpg.Connection) -> None:
    """As `verify` sees it."""
    async with shared.transaction(isolation="repeatable_read", readonly=True):
        found = [await examine(shared, invariant) for invariant in invariants()]
        found.append(await examine_leaves(shared))
    assert {finding.check: finding.examples for finding in found if finding.violations} == {}
