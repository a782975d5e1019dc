"""The doors beside `change`: denials, final refusals, leases, sessions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from db import write
from db.ids import new_id
from domain.change import Decision
from domain.command import Outcome
from domain.outcomes import to_stored
from domain.refusals import Conflict, Reason
from tests.db.world import World


def denied(world: World) -> Decision:
    decision = world.decision("order.approve", world.buyer.actor, ())
    return replace(decision, outcome="denied", reasons=(Reason("ROLE", "Denied: you are no service manager."),))


def refused(version: int) -> dict[str, Any]:
    """A final refusal as it is stored."""
    return to_stored(Outcome(refusal=Conflict("It has changed.", version)))


async def test_a_denial_is_kept_with_its_reasons(world: World, owner: asyncpg.Connection) -> None:
    """A denied decision is a row like an allowed one, and nothing else."""
    assert await write.deny(world.pool, denied(world))
    row = await owner.fetchrow("select * from decision where outcome = 'denied'")
    assert row["allow"] is False
    assert row["reasons"][0]["message"] == "Denied: you are no service manager."
    assert row["organization"] == world.acme
    assert not await owner.fetchval("select count(*) from decision_mark where id = $1", row["id"])


async def test_many_denials_are_counted_and_sampled(world: World, owner: asyncpg.Connection) -> None:
    """Twenty a minute for one person are kept, then each hundredth; all are counted."""
    kept = [await write.deny(world.pool, denied(world)) for _ in range(120)]
    counted = await owner.fetch("select denied from denial_count where outcome = $1", "denied")
    assert sum(row["denied"] for row in counted) == 120
    assert sum(kept) == await owner.fetchval("select count(*) from decision where outcome = 'denied'")
    assert sum(kept) <= 21 * len(counted)  # a minute may have ended in between


async def test_an_outage_hides_no_denial(world: World) -> None:
    """What failed closed is counted by itself, however often."""
    for _ in range(30):
        await write.deny(world.pool, replace(denied(world), outcome="failed_closed", fault="timeout"))
    assert await write.deny(world.pool, denied(world))


async def test_an_allow_is_no_denial(world: World) -> None:
    """The door for denials keeps no permission."""
    with pytest.raises(asyncpg.PostgresError) as refused:
        await write.deny(world.pool, replace(denied(world), outcome="allowed"))
    assert refused.value.sqlstate == "PC022"


async def test_a_final_refusal_is_remembered_once(world: World) -> None:
    """Sixteen twins store different outcomes under one key; all are told the one that was first."""
    key = world.key(world.buyer, "order.approve", "k")
    stored = await asyncio.gather(
        *(write.remember(world.pool, replace(key, outcome=refused(n))) for n in range(16)),
    )
    assert len({one.outcome["refusal"]["current_version"] for one in stored}) == 1
    assert {one.state for one in stored} == {"done"}
    assert {one.fingerprint for one in stored} == {b"same"}


async def test_only_final_outcomes_are_remembered(world: World) -> None:
    """A running outcome belongs to a saga and is written by its change."""
    for state in ("running", "finish"):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await write.remember(world.pool, replace(world.key(world.buyer, "order.approve", "k"), state=state))
        assert refused.value.sqlstate == "PC022"


async def test_nothing_but_a_refusal_is_remembered(world: World, owner: asyncpg.Connection) -> None:
    """No success that never was, no saga, and nothing for somebody who is not about."""
    key = world.key(world.buyer, "order.approve", "k")
    good = refused(1)
    nobody = replace(key, person=new_id())
    forged: list[dict[str, Any]] = [
        {},
        {**good, "refusal": None},
        {**good, "nouns": {"order": {"$": "Ref", "noun": "order", "home": world.acme, "id": new_id()}}},
        {**good, "values": {"n": 1}},
        {**good, "saga": {"$": "Ref", "noun": "saga", "home": world.acme, "id": new_id()}},
    ]
    for one in (*(replace(key, outcome=outcome) for outcome in forged), replace(nobody, outcome=good)):
        with pytest.raises(asyncpg.PostgresError) as answer:
            await write.remember(world.pool, one)
        assert answer.value.sqlstate == "PC022"
    assert await owner.fetchval("select count(*) from idempotency") == 0


async def test_no_lease_is_held_for_long(world: World) -> None:
    """A saga's for a minute, a timer's for an hour: nobody keeps work from the others for ever."""
    name, holder = f"saga:{new_id()}", new_id()
    for seconds in (61, 2**31 - 1, -1):
        with pytest.raises(asyncpg.PostgresError) as refusal:
            await write.lease(world.pool, name, world.acme, holder, seconds)
        assert refusal.value.sqlstate == "PC022"
    assert await write.lease(world.pool, name, world.acme, holder, 60) == 1
    with pytest.raises(asyncpg.PostgresError):
        await write.beat(world.pool, name, holder, 1, 3600)
    timer = f"timer:cart.expire:{new_id()}"
    assert await write.lease(world.pool, timer, world.acme, holder, 60) == 1
    assert await write.beat(world.pool, timer, holder, 1, 3600)
    with pytest.raises(asyncpg.PostgresError):
        await write.beat(world.pool, timer, holder, 1, 3601)


async def test_a_lease_has_one_holder(world: World) -> None:
    """Of sixteen that want it, one gets it; the fence grows with the next holder."""
    name = f"saga:{new_id()}"
    fences = await asyncio.gather(*(write.lease(world.pool, name, world.acme, new_id(), 60) for _ in range(16)))
    assert sorted(fence for fence in fences if fence) == [1]


async def test_a_lease_is_beaten_given_back_and_lost(world: World) -> None:
    """Its holder may prolong it and give it back; an old fence does nothing."""
    name, first, second = f"saga:{new_id()}", new_id(), new_id()
    assert await write.lease(world.pool, name, world.acme, first, 60) == 1
    assert await write.beat(world.pool, name, first, 1, 60)
    assert not await write.beat(world.pool, name, second, 1, 60)
    assert await write.beat(world.pool, name, first, 1, 0)
    assert await write.lease(world.pool, name, world.acme, second, 60) == 2
    assert not await write.beat(world.pool, name, first, 1, 60)
    assert not await write.beat(world.pool, name, second, 1, 60)
    assert await write.beat(world.pool, name, second, 2, 60)


async def test_a_lease_keeps_its_organization(world: World) -> None:
    """Nobody takes another organization's lease over by its name."""
    name = f"saga:{new_id()}"
    assert await write.lease(world.pool, name, world.acme, new_id(), 0) == 1
    assert await write.lease(world.pool, name, world.volt, new_id(), 60) is None


async def test_a_session_is_touched_once_a_minute(world: World, owner: asyncpg.Connection) -> None:
    """Only a live session, only after a minute, and without voiding a permit."""
    session = world.buyer.session
    assert not await write.touch_session(world.pool, session)
    await owner.execute("update session set last_seen_at = clock_timestamp() - interval '61 s' where id = $1", session)
    assert await write.touch_session(world.pool, session)
    assert not await write.touch_session(world.pool, session)
    assert await owner.fetchval("select version from session where id = $1", session) == 1
    await owner.execute("update session set state = 'revoked', last_seen_at = '2020-01-01' where id = $1", session)
    assert not await write.touch_session(world.pool, session)
