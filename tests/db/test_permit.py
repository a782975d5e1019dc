"""What a permit must hold for a change to be written: its proofs, its time, and that it lists whatever moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from db import write
from db.ids import new_id
from domain.change import Change, Expired, Proof, Revoked
from domain.effects import Put
from tests.db.ordering import approving
from tests.db.shopping import Basket, checkout, filled, leased, placed, placing
from tests.db.world import VAULT, World, counts

PROOFS = [
    ("revision", Proof("revision", 2)),
    ("settings", Proof("settings", 9)),
    ("standing", Proof("standing", 9)),
    ("person", Proof("person", 9)),
    ("session", Proof("session", 9)),
]


@pytest.mark.parametrize(("kind", "wrong"), PROOFS, ids=[kind for kind, _ in PROOFS])
async def test_each_proof_is_checked(world: World, kind: str, wrong: Proof) -> None:
    """A proof that does not hold refuses, and says which."""
    basket = await placed(world, (await world.variant(1), 1))
    change = approving(world, basket)
    proofs = tuple(replace(p, version=wrong.version) if p.kind == kind else p for p in change.proofs)
    decision = replace(change.decision, revision=2) if kind == "revision" else change.decision
    named = next(p.id for p in proofs if p.kind == kind)
    answer = await world.write(replace(change, proofs=proofs, decision=decision))
    assert answer == Revoked(kind, None if named is None else str(named))


async def test_a_parent_is_proven_and_locked(world: World) -> None:
    """A row proof holds for its version alone; a moved row needs none."""
    basket = await placed(world, (await world.variant(1), 1))
    change = approving(world, basket)
    parent = Proof("row", 2, id=basket.purchase, noun="purchase", organization=world.acme)
    moved = Proof("row", 7, id=basket.order, noun="order", organization=world.acme)
    stale = replace(change, proofs=(*change.proofs, replace(parent, version=1)))
    assert await world.write(stale) == Revoked("row", str(basket.purchase))
    await world.done(replace(change, proofs=(*change.proofs, parent, moved)))


async def test_a_permit_expires_by_the_database_clock(world: World, owner: asyncpg.Connection) -> None:
    """A permit past its deadline is refused, one before it is not."""
    basket = await placed(world, (await world.variant(1), 1))
    now = float(await owner.fetchval("select extract(epoch from clock_timestamp())"))
    change = approving(world, basket)
    assert await world.write(replace(change, decision=replace(change.decision, not_after=now - 0.1))) == Expired()
    await world.done(replace(change, decision=replace(change.decision, not_after=now + 4)))


def unlisted(world: World, basket: Basket) -> list[tuple[str, Change]]:
    """Changes that hold something their decision does not permit."""
    good = approving(world, basket)
    step = good.effects[0]
    d = good.decision
    return [
        ("a move it does not list", replace(good, decision=replace(d, effects=()))),
        (
            "another action on the same row",
            replace(good, decision=replace(d, effects=(replace(d.effects[0], action="x"),))),
        ),
        ("a denial", replace(good, decision=replace(d, outcome="denied"))),
        ("recovery, which does not exist yet", replace(good, decision=replace(d, decider="recovery"))),
        ("bootstrap after opening", replace(good, decision=replace(d, decider="bootstrap"))),
        ("no proof of the revision", replace(good, proofs=good.proofs[1:])),
        ("no proof of the settings", replace(good, proofs=tuple(p for p in good.proofs if p.kind != "settings"))),
        ("no proof of the standing", replace(good, proofs=tuple(p for p in good.proofs if p.kind != "standing"))),
        ("no proof of the person", replace(good, proofs=tuple(p for p in good.proofs if p.kind != "person"))),
        ("no proof of the session", replace(good, proofs=tuple(p for p in good.proofs if p.kind != "session"))),
        ("another revision", replace(good, decision=replace(d, revision=7))),
        ("an approver who does not act", replace(good, effects=(replace(step, set={"approved_by": world.agent.id}),))),
        ("a column that is not settable", replace(good, effects=(replace(step, set={"total_minor": 1}),))),
        (
            "an obligation without effect",
            replace(good, decision=replace(d, obligations=(_asks("approval", basket.order),))),
        ),
        ("an unknown obligation", replace(good, decision=replace(d, obligations=(_asks("budget", basket.order),)))),
        (
            "a line for another order",
            replace(good, effects=(step, Put("approval", world.acme, new_id(), {"order_id": new_id()}))),
        ),
        ("somebody else's key", replace(good, idempotency=world.key(world.buyer, "order.approve", "k"))),
    ]


def _asks(kind: str, order: Any) -> dict[str, Any]:
    return {"kind": kind, "order": order, "role": "service_manager"}


async def test_what_is_not_permitted_is_unlisted(world: World, owner: asyncpg.Connection) -> None:
    """Each way to do more than was decided ends in PC022, and nothing is written."""
    basket = await placed(world, (await world.variant(1), 1))
    before = await counts(owner)
    for why, change in unlisted(world, basket):
        with pytest.raises(write.UnlistedError):
            pytest.fail(f"{why}: {await world.write(change)}")
    assert await counts(owner) == before


async def test_no_proofs_at_all_prove_nothing(world: World) -> None:
    """NULL in the place of the proofs is not "nothing is missing"."""
    basket = await placed(world, (await world.variant(1), 1))
    home, decision, _, effects, _ = write.encode(approving(world, basket), VAULT)
    with pytest.raises(asyncpg.PostgresError, match="unlisted"):
        await world.pool.fetchrow("select change($1, $2, null, $3, null)", home, decision, effects)


async def test_an_order_approves_itself_only_when_obliged(world: World) -> None:
    """`order.auto_approve` without its obligation is refused, and so is one for another order."""
    basket = await filled(world, (await world.variant(1), 1))
    await world.done(checkout(world, basket))
    change = placing(world, basket, await leased(world, basket), auto=True)
    for obligations in ((), ({"kind": "auto_approval", "order": new_id()},)):
        with pytest.raises(write.UnlistedError):
            await world.write(replace(change, decision=replace(change.decision, obligations=obligations)))
    await world.done(change)


async def test_fixed_decides_the_closed_list_only(world: World) -> None:
    """An action that is not in the list cannot be decided by the machine alone."""
    basket = await placed(world, (await world.variant(1), 1))
    good = approving(world, basket)
    with pytest.raises(asyncpg.CheckViolationError, match="fixed_is_listed"):
        await world.write(replace(good, decision=replace(good.decision, decider="fixed"), proofs=()))
