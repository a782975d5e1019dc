"""Many at once: exactly one wins, nobody deadlocks, nothing is half done; `make prove` runs them in the thousands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from uuid import UUID

import asyncpg

from db.ids import new_id
from domain.change import Change, ChangeAnswer, Done, Replay, Short, Stale
from domain.effects import Effect
from tests.counts import RACES
from tests.db.ordering import approving, cancelling
from tests.db.shopping import Basket, Line, added, checkout, filled, holding, leased, numbers, placed, placing, undoing
from tests.db.world import World, advance

TIMES = max(1, RACES // 100)  # each round below is itself a crowd


def kinds(answers: Sequence[ChangeAnswer]) -> dict[str, int]:
    names = [type(answer).__name__ for answer in answers]
    return {name: names.count(name) for name in sorted(set(names))}


async def test_the_last_unit_is_sold_once(world: World, owner: asyncpg.Connection) -> None:
    """Sixteen checkouts of one unit: one is done, fifteen are short, and nothing of theirs is written."""
    for _ in range(10 * TIMES):
        variant = await world.variant(1)
        baskets = [await filled(world, (variant, 1)) for _ in range(16)]
        before = await owner.fetchval("select count(*) from purchase")
        answers = await asyncio.gather(*(world.write(checkout(world, basket)) for basket in baskets))
        assert kinds(answers) == {"Done": 1, "Short": 15}
        assert {answer for answer in answers if isinstance(answer, Short)} == {Short(variant, 1, 0)}
        assert await numbers(owner, [variant]) == {variant: (1, 1)}
        assert await owner.fetchval("select count(*) from purchase") == before + 1


async def test_one_key_has_one_outcome(world: World) -> None:
    """The same key sixteen times at once: one is done, fifteen replay it, in the same call."""
    for number in range(10 * TIMES):
        basket = await filled(world, (await world.variant(16), 1))
        key = world.key(world.buyer, "checkout.complete", f"k{number}", n=number)
        answers = await asyncio.gather(*(world.write(checkout(world, basket, key)) for _ in range(16)))
        assert kinds(answers) == {"Done": 1, "Replay": 15}
        assert {a.stored.outcome["n"] for a in answers if isinstance(a, Replay)} == {number}


async def test_one_approval_of_sixteen_counts(world: World) -> None:
    """Sixteen approvals of one order: one is done, the others learn the version now."""
    for _ in range(8 * TIMES):
        basket = await placed(world, (await world.variant(1), 1))
        answers = await asyncio.gather(*(world.write(approving(world, basket)) for _ in range(16)))
        assert kinds(answers) == {"Done": 1, "Stale": 15}
        assert {a for a in answers if isinstance(a, Stale)} == {Stale("order", basket.order, 2)}


async def test_approve_and_cancel_never_both(world: World, owner: asyncpg.Connection) -> None:
    """Exactly one of them moves the order, whichever comes first."""
    for _ in range(16 * TIMES):
        basket = await placed(world, (await world.variant(1), 1))
        answers = await asyncio.gather(world.write(approving(world, basket)), world.write(cancelling(world, basket)))
        assert kinds(answers) == {"Done": 1, "Stale": 1}
        assert await owner.fetchval("select count(*) from journal where aggregate = $1", basket.order) == 2


async def test_placing_and_undoing_never_both(world: World, owner: asyncpg.Connection) -> None:
    """T1 races C by version: one wins, and the loser hears stale, never that the stock is short."""
    variant = await world.variant(200 * TIMES)
    held = 0
    for _ in range(16 * TIMES):
        basket = await filled(world, (variant, 1))
        await world.done(checkout(world, basket))
        fence = await leased(world, basket)
        answers = await asyncio.gather(
            world.write(placing(world, basket, fence)), world.write(undoing(world, basket, fence))
        )
        assert kinds(answers) == {"Done": 1, "Stale": 1}
        held += isinstance(answers[0], Done)
    assert await numbers(owner, [variant]) == {variant: (200 * TIMES - held, 0)}


async def test_parallel_cart_edits_all_count(world: World, owner: asyncpg.Connection) -> None:
    """Eight times +1 on a line that has one make nine; each has its journal row."""
    for _ in range(6 * TIMES):
        basket = await filled(world, (await world.variant(1), 1))

        def plus_one(basket: Basket = basket) -> asyncio.Future[ChangeAnswer]:
            edit = advance("cart_line.add", world.acme, basket.cart, 1, "open", any_version=True)
            line = added(world, basket, basket.lines[0], 1)
            return asyncio.ensure_future(world.write(world.change("cart_line.add", world.buyer.actor, edit, line)))

        assert kinds(await asyncio.gather(*(plus_one() for _ in range(8)))) == {"Done": 8}
        assert await owner.fetchval("select quantity from cart_line where cart = $1", basket.cart) == 9
        versions = await owner.fetch("select version from journal where aggregate = $1 order by 1", basket.cart)
        assert [row["version"] for row in versions] == list(range(1, 10))


async def test_new_lines_of_one_variant_become_one(world: World, owner: asyncpg.Connection) -> None:
    """Two add the same new variant at once under ids of their own: one line with both quantities."""
    basket = await filled(world, (await world.variant(1), 1))
    line = replace(basket.lines[0], variant=await world.variant(9))

    def add() -> asyncio.Future[ChangeAnswer]:
        edit = advance("cart_line.add", world.acme, basket.cart, 1, "open", any_version=True)
        new = added(world, basket, replace(line, id=new_id()), 2)
        return asyncio.ensure_future(world.write(world.change("cart_line.add", world.buyer.actor, edit, new)))

    assert kinds(await asyncio.gather(*(add() for _ in range(8)))) == {"Done": 8}
    assert await owner.fetchval("select quantity from cart_line where variant = $1", line.variant) == 16


async def test_random_baskets_never_deadlock(world: World, owner: asyncpg.Connection) -> None:
    """Two to five of six SKUs in any order, placed or undone: no deadlock, and reserved is what is held."""
    variants = [await world.variant(1_000_000) for _ in range(6)]
    random = Random(11)  # noqa: S311

    async def shopper() -> None:
        for _ in range(8 * TIMES):
            chosen = random.sample(variants, random.randint(2, 5))
            basket = await filled(world, *((variant, random.randint(1, 3)) for variant in chosen))
            await world.done(shuffled(checkout(world, basket), random))
            fence = await leased(world, basket)
            end = placing(world, basket, fence) if random.random() < 0.5 else undoing(world, basket, fence)
            await world.done(shuffled(end, random))

    before = await deadlocks(owner)
    await asyncio.gather(*(shopper() for _ in range(16)))
    assert await deadlocks(owner) == before
    assert {reserved for _, reserved in (await numbers(owner, variants)).values()} == {0}


async def test_bare_stock_moves_never_deadlock(world: World, owner: asyncpg.Connection) -> None:
    """Sixteen sessions move five of twelve SKUs each, in random order."""
    variants = [await world.variant(1_000_000) for _ in range(12)]
    random = Random(13)  # noqa: S311

    async def mover() -> list[ChangeAnswer]:
        return [await world.write(world.loose(*moves(random.sample(variants, 5)))) for _ in range(20 * TIMES)]

    def moves(chosen: list[UUID]) -> list[Effect]:
        held = Basket(tuple(Line(variant, 1) for variant in chosen))
        return [*(holding(world, held, line) for line in held.lines), *held.holds(1, 0, world.volt)]

    before = await deadlocks(owner)
    answers = await asyncio.gather(*(mover() for _ in range(16)))
    assert kinds([one for many in answers for one in many]) == {"Done": 16 * 20 * TIMES}
    assert await deadlocks(owner) == before
    held = sum(reserved for _, reserved in (await numbers(owner, variants)).values())
    assert held == 16 * 20 * TIMES * 5


def shuffled(change: Change, random: Random) -> Change:
    effects = list(change.effects)
    random.shuffle(effects)
    return replace(change, effects=tuple(effects))


async def deadlocks(owner: asyncpg.Connection) -> int:
    found: int = await owner.fetchval("select deadlocks from pg_stat_database where datname = current_database()")
    return found
