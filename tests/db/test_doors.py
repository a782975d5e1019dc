"""The doors beside `change`: denials, final refusals, leases, sessions."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from db import write
from db.ids import new_id
from domain.change import Decision
from domain.refusals import Reason
from tests.db.world import World


def denied(world: World) -> Decision:
    decision = world.decision("order.approve", world.buyer.actor, ())
    return replace(decision, outcome="denied", reasons=(Reason("ROLE", "Denied: you are no service manager."),))


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
    counted = await owner.fetch("select denied from denial_count")
    assert sum(row["denied"] for row in counted) == 120
    assert sum(kept) == await owner.fetchval("select count(*) from decision where outcome = 'denied'")
    assert sum(kept) <= 21 * len(counted)  # a minute may have ended in between


async def test_an_allow_is_no_denial(world: World) -> None:
    """The door for denials keeps no permission."""
    with pytest.raises(asyncpg.PostgresError) as refused:
        await write.deny(world.pool, replace(denied(world), outcome="allowed"))
    assert refused.value.sqlstate == "PC022"


async def test_a_final_refusal_is_remembered_once(world: World) -> None:
    """Sixteen twins store different outcomes under one key; all are told the one that was first."""
    key = world.key(world.buyer, "order.approve", "k")
    stored = await asyncio.gather(
        *(write.remember(world.pool, replace(key, outcome={"n": n})) for n in range(16)),
    )
    assert len({one.outcome["n"] for one in stored}) == 1
    assert {one.state for one in stored} == {"done"}
    assert {one.fingerprint for one in stored} == {b"same"}


async def test_only_final_outcomes_are_remembered(world: World) -> None:
    """A running outcome belongs to a saga and is written by its change."""
    for state in ("running", "finish"):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await write.remember(world.pool, replace(world.key(world.buyer, "order.approve", "k"), state=state))
        assert refused.value.sqlstate == "PC022"


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
