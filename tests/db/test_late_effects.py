"""A fact that a permit rests on is taken away while changes are written: none commits after it; hundreds of races each.

The revoker looks at the journal in its own transaction, right after its UPDATE: whatever commits at all must be there
already, because the gate orders every such change before the revocation or refuses it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from db import write
from db.ids import new_id
from domain.change import Change, ChangeAnswer, Done, Revoked, Stale
from domain.effects import EpochBump
from tests.conftest import Database
from tests.counts import RACES
from tests.db.asking import asked
from tests.db.ordering import approving, cancelling
from tests.db.revocations import REVOCATIONS, journalled, made, noting, relying
from tests.db.shopping import placed
from tests.db.world import VAULT, World, advance, create

WRITERS = 3  # changes that one revocation races

# The journal is written last: a change that lingers there has proven everything and is not committed yet.
LINGER = """
create function linger() returns trigger language plpgsql as
$$ begin perform pg_sleep(random() * 0.004); return null; end $$;
create trigger lingers after insert on journal for each statement execute function linger()"""


@pytest.fixture
async def revoker(database: Database, world: World, owner: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """A second session of the owner, in a database where every change lingers before its commit."""
    await owner.execute(LINGER)
    async with database.connect() as connection:
        yield connection


async def race(
    world: World, revoker: asyncpg.Connection, changes: list[Change], take: Callable[[], Awaitable[object]], number: int
) -> list[ChangeAnswer]:
    """The answers of `changes`, written while `take` is; asserts that what is done was there before it was taken."""
    ids = [made(change) for change in changes]

    async def revoke() -> tuple[set[UUID], set[UUID]]:
        async with revoker.transaction():
            await take()
            inside = await journalled(revoker, ids)
        return inside, await journalled(revoker, ids)

    writers = [asyncio.ensure_future(world.write(change)) for change in changes[: number % (WRITERS + 1)]]
    revoking = asyncio.ensure_future(revoke())
    writers += [asyncio.ensure_future(world.write(change)) for change in changes[number % (WRITERS + 1) :]]
    answers = await asyncio.gather(*writers)
    inside, acknowledged = await revoking
    done = {id for id, answer in zip(ids, answers, strict=True) if isinstance(answer, Done)}
    assert done == inside == acknowledged == await journalled(revoker, ids)
    return answers


@pytest.mark.parametrize("name", REVOCATIONS)
async def test_no_change_commits_after_its_authority_was_taken(
    world: World, owner: asyncpg.Connection, revoker: asyncpg.Connection, name: str
) -> None:
    """By a naked UPDATE of the owner: each change is done before it, or refused by the proof that it broke."""
    revocation, fates = REVOCATIONS[name], Counter[str]()
    for number in range(RACES):
        changes = [await relying(world, owner) for _ in range(WRITERS)]
        late = replace(changes[0], decision=asked(replace(changes[0].decision, id=new_id())))
        answers = await race(world, revoker, changes, lambda: revoker.execute(revocation.take(world)), number)
        assert {answer.kind for answer in answers if isinstance(answer, Revoked)} <= {revocation.proof}
        assert isinstance(await world.write(late), Revoked)
        fates.update(type(answer).__name__ for answer in answers)
        await revoker.execute(revocation.give(world))
    assert fates.keys() == {"Done", "Revoked"}
    assert fates.total() == RACES * WRITERS


async def test_no_change_commits_after_its_grant_was_revoked_by_a_change(
    world: World, owner: asyncpg.Connection, revoker: asyncpg.Connection
) -> None:
    """The same where the grant is revoked as everybody revokes: by `change`, which bumps the person's epoch."""
    fates = Counter[str]()
    for number in range(RACES):
        issued, revoked = issue_and_revoke(world)
        await world.done(issued)
        changes = [await relying(world, owner) for _ in range(WRITERS)]
        arguments = write.encode(revoked, VAULT)
        take = "select code from change($1, $2, $3, $4, $5)"
        answers = await race(world, revoker, changes, lambda: revoker.fetchval(take, *arguments), number)  # noqa: B023
        fates.update(type(answer).__name__ for answer in answers)
    assert fates.keys() == {"Done", "Revoked"}
    assert fates.total() == RACES * WRITERS


def issue_and_revoke(world: World) -> tuple[Change, Change]:
    grant = new_id()
    row = {"person": world.buyer.id, "role": "buyer", "granted_by": world.manager.id}
    moves = (
        create("grant.issue", world.platform, grant, world.acme, **row),
        advance("grant.revoke", world.platform, grant, 1, "live", counterparty=world.acme),
    )
    issued, revoked = (
        world.change(move.action, world.manager.actor, move, EpochBump(world.buyer.id)) for move in moves
    )
    return issued, revoked


async def test_no_change_relies_on_an_order_that_moved(world: World, revoker: asyncpg.Connection) -> None:
    """A note that was permitted for a placed order, while the order is cancelled: first, or refused."""
    variant, fates = await world.variant(RACES), Counter[str]()
    for number in range(RACES):
        basket = await placed(world, (variant, 1))
        changes = [noting(world, basket) for _ in range(WRITERS)]
        arguments = write.encode(cancelling(world, basket), VAULT)
        take = "select code from change($1, $2, $3, $4, $5)"
        answers = await race(world, revoker, changes, lambda: revoker.fetchval(take, *arguments), number)  # noqa: B023
        assert {a for a in answers if isinstance(a, Revoked)} <= {Revoked("row", str(basket.order))}
        fates.update(type(answer).__name__ for answer in answers)
    assert fates.keys() == {"Done", "Revoked"}
    assert fates.total() == RACES * WRITERS


async def test_an_order_that_moved_is_moved_by_nobody_else(
    world: World, owner: asyncpg.Connection, revoker: asyncpg.Connection
) -> None:
    """Approve against cancel, from two connections: one is done, the other is told the version now."""
    variant = await world.variant(RACES)
    for number in range(RACES):
        basket = await placed(world, (variant, 1))
        two = [approving(world, basket), cancelling(world, basket)]
        answers = await asyncio.gather(*(world.write(change) for change in two[:: 1 if number % 2 else -1]))
        assert {type(answer) for answer in answers} == {Done, Stale}
        assert Stale("order", basket.order, 2) in answers
        assert await owner.fetchval("select count(*) from journal where aggregate = $1", basket.order) == 2
