"""The one schedule of two sessions that tells a right gate from a wrong one, and the wrong ones that it must find.

Revoker first: it has taken authority away and not committed yet; a change must wait for it and then be refused.
Change first: it has written and not committed yet; a revoker must wait for it before it is acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import asyncpg
import pytest

from domain.change import ProofKind, Revoked
from tests.conftest import Database
from tests.db.ordering import cancelling
from tests.db.revocations import REVOCATIONS, Revocation, called, journalled, made, noting, relying
from tests.db.shopping import placed
from tests.db.world import World


@dataclass(frozen=True, slots=True)
class Stage:
    """Two sessions and one that watches them."""

    world: World
    watcher: asyncpg.Connection
    revoker: asyncpg.Connection
    writer: asyncpg.Connection
    isolation: str = "read_committed"

    async def waits(self, of: asyncpg.Connection, task: asyncio.Future[object]) -> bool:
        """Whether a session came to wait for a lock; False when it was through without."""
        sql = "select exists (select from pg_locks where pid = $1 and not granted)"
        while not task.done():
            if await self.watcher.fetchval(sql, of.get_server_pid()):
                return True
            await asyncio.sleep(0.002)
        return False


@pytest.fixture
async def stage(database: Database, world: World, owner: asyncpg.Connection) -> AsyncIterator[Stage]:
    async with database.connect() as revoker, database.connect(database.gateway) as writer:
        yield Stage(world, owner, revoker, writer)


@asynccontextmanager
async def ended(transaction: asyncpg.transaction.Transaction) -> AsyncIterator[None]:
    """A transaction that commits where it can: a refused change has ended it already."""
    await transaction.start()
    try:
        yield
    finally:
        try:
            await transaction.commit()
        except asyncpg.PostgresError:
            await transaction.rollback()


async def revoker_first(stage: Stage, revocation: Revocation) -> list[str]:
    """What goes wrong when a change is called while authority is being taken away."""
    change = await relying(stage.world, stage.watcher)
    async with ended(stage.writer.transaction(isolation=stage.isolation)):
        async with stage.revoker.transaction():
            await stage.revoker.execute(revocation.take(stage.world))
            writing = asyncio.ensure_future(called(stage.writer, change))
            waited = await stage.waits(stage.writer, writing)
        answer = await writing
    late = await journalled(stage.watcher, [made(change)])
    await stage.revoker.execute(revocation.give(stage.world))
    if isinstance(answer, Revoked) and answer.kind == revocation.proof:
        return []
    assert late, answer
    return [f"the change {'waited for' if waited else 'passed'} the revoker and was written all the same"]


async def change_first(stage: Stage, revocation: Revocation) -> list[str]:
    """What goes wrong when authority is taken away while a change that rests on it is not committed yet."""
    change = await relying(stage.world, stage.watcher)
    async with ended(stage.writer.transaction(isolation=stage.isolation)):
        answer = await called(stage.writer, change)
        revoking = asyncio.ensure_future(stage.revoker.execute(revocation.take(stage.world)))
        waited = await stage.waits(stage.revoker, revoking)
        if not waited:
            await revoking  # acknowledged, with the change still on its way
    await revoking
    late = await journalled(stage.watcher, [made(change)])
    await stage.revoker.execute(revocation.give(stage.world))
    return [] if waited or not late else [f"{answer}: written after the revoker was told that it would not be"]


@pytest.mark.parametrize("name", REVOCATIONS)
async def test_a_revoker_is_waited_for_and_waits(stage: Stage, name: str) -> None:
    """Both orders, for everything that can be taken away: nothing is written after it was."""
    assert await revoker_first(stage, REVOCATIONS[name]) == []
    assert await change_first(stage, REVOCATIONS[name]) == []


async def test_an_order_is_waited_for_and_waits(stage: Stage) -> None:
    """A parent that a permit names is locked for the change: whoever moves it comes wholly before or wholly after."""
    variant = await stage.world.variant(2)
    moved, read = [await placed(stage.world, (variant, 1)) for _ in range(2)]
    async with stage.revoker.transaction():
        assert await called(stage.revoker, cancelling(stage.world, moved)) == "done"
        writing = asyncio.ensure_future(called(stage.writer, noting(stage.world, moved)))
        assert await stage.waits(stage.writer, writing)
    assert await writing == Revoked("row", str(moved.order))
    async with stage.writer.transaction():
        assert await called(stage.writer, noting(stage.world, read)) == "done"
        moving = asyncio.ensure_future(called(stage.revoker, cancelling(stage.world, read)))
        assert await stage.waits(stage.revoker, moving)
    assert await moving == "done"


async def test_a_kept_snapshot_is_refused(stage: Stage) -> None:
    """In REPEATABLE READ the proof would be read as it was before the wait: PC090, and nothing is written."""
    change = await relying(stage.world, stage.watcher)
    for isolation in ("repeatable_read", "serializable"):
        async with ended(stage.writer.transaction(isolation=isolation)):
            assert await called(stage.writer, change) == "PC090"
    assert await journalled(stage.watcher, [made(change)]) == set()


# The proof takes its own lock, in the very statement that proves it: by kind, where and on what.
LOCK = "where (select pg_advisory_xact_lock_shared({key})::text) is not null and {place}"
LATE_LOCKS: Mapping[ProofKind, tuple[str, str]] = {
    "revision": ("r.organization = platform and r.number", "1, 0"),
    "settings": ("m.settings_epoch", "2, 0"),
    "standing": ("o.organization = platform and o.id", "3, hashtext(x.id::text)"),
    "person": ("y.organization = platform and y.id", "4, hashtext(x.id::text)"),
    "session": ("s.organization = platform and s.id", "4, hashtext(actor::text)"),
}


@asynccontextmanager
async def edited(owner: asyncpg.Connection, function: str, old: str, new: str) -> AsyncIterator[None]:
    """A function with other words in its body for a while; they must find their place, and only one."""
    text = await owner.fetchval("select pg_get_functiondef(oid) from pg_proc where proname = $1", function)
    assert text.count(old) == 1, (function, old)
    await owner.execute(text.replace(old, new))
    yield
    await owner.execute(text)


@asynccontextmanager
async def without_gates(stage: Stage, proof: ProofKind) -> AsyncIterator[Stage]:
    async with edited(stage.watcher, "take_gates", "\nbegin\n", "\nbegin\n  return;\n"):
        yield stage


@asynccontextmanager
async def locked_inside_the_proof(stage: Stage, proof: ProofKind) -> AsyncIterator[Stage]:
    place, key = LATE_LOCKS[proof]
    async with (
        without_gates(stage, proof),
        edited(stage.watcher, "prove", f"where {place}", LOCK.format(key=key, place=place)),
    ):
        yield stage


@asynccontextmanager
async def with_a_kept_snapshot(stage: Stage, proof: ProofKind) -> AsyncIterator[Stage]:
    async with edited(stage.watcher, "change", "<> 'read committed'", "= 'no such level'"):
        yield replace(stage, isolation="repeatable_read")


PLANTS = {
    "gate removed": without_gates,
    "lock inside the proving statement": locked_inside_the_proof,
    "repeatable read without the assertion": with_a_kept_snapshot,
}


@pytest.mark.parametrize("name", PLANTS)
async def test_the_schedule_finds_a_planted_bug(stage: Stage, name: str) -> None:
    """For every kind of proof; so a schedule that finds nothing has found that nothing is wrong."""
    for what, revocation in REVOCATIONS.items():
        async with PLANTS[name](stage, revocation.proof) as planted:
            wrong = [*await revoker_first(planted, revocation), *await change_first(planted, revocation)]
        assert wrong, what


async def test_the_schedule_finds_a_missing_trigger(stage: Stage) -> None:
    """A revoker's gate is taken by a trigger, so a naked UPDATE cannot forget it; without the trigger it is late."""
    tables = ("person", "organization", "vendor", "policy_revision", "session", '"grant"', "runtime_setting")
    for table in (*tables, "marketplace"):
        await stage.watcher.execute(f"drop trigger takes_gate on {table}")
    for what in ("epoch bumped", "revision revoked"):
        assert await change_first(stage, REVOCATIONS[what]), what
