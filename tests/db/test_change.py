"""The one write: what it writes, what it answers, and what it refuses; one statement of its callers, no more."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from db import write
from db.ids import new_id
from domain.change import Change, Exhausted, Exists, Fenced, Mismatch, Replay, Short, Stale
from domain.command import Actor
from domain.effects import CartLineAdd, CartLinePut, Effect, EpochBump, StepRecord, StockMove, VaultPut
from tests.db.ordering import approving, capturing, dispatching
from tests.db.shopping import added, checkout, filled, leased, numbers, placed, placing, undoing
from tests.db.world import VAULT, World, advance, counts, create


async def test_a_checkout_takes_two_writes(world: World, owner: asyncpg.Connection) -> None:
    """T0 holds and T1 places; every touched home has one mark of each decision, every move one journal row."""
    sockets, cables = await world.variant(10), await world.variant(10)
    before = await owner.fetchval("select count(*) from journal")
    basket = await filled(world, (sockets, 2), (cables, 3))
    taken = await world.done(checkout(world, basket))
    assert taken.taken == {"purchase": 1001}
    assert await numbers(owner, [sockets, cables]) == {sockets: (10, 2), cables: (10, 3)}
    await world.done(placing(world, basket, await leased(world, basket)))
    assert await numbers(owner, [sockets, cables]) == {sockets: (8, 0), cables: (7, 0)}
    assert await owner.fetchval("select count(*) from journal") - before == 1 + 6 + 6
    assert await owner.fetchval("select number from purchase") == "ACME-1001"
    states = "select state from orders union all select state from purchase union all select state from cart"
    assert [r["state"] for r in await owner.fetch(states)] == ["placed", "placed", "checked_out"]
    marks = await owner.fetch("select organization from decision_mark where action = 'checkout.complete'")
    assert {m["organization"] for m in marks} == {world.acme, world.volt}


async def test_small_orders_approve_themselves(world: World, owner: asyncpg.Connection) -> None:
    """A row that is created and advanced in one change gets versions 1 and 2, in that order."""
    basket = await placed(world, (await world.variant(1), 1), auto=True)
    rows = await owner.fetch(
        "select version, source, target from journal where aggregate = $1 order by 1", basket.order
    )
    assert [tuple(row) for row in rows] == [(1, None, "placed"), (2, "placed", "approved")]


async def test_a_compensated_checkout_gives_everything_back(world: World, owner: asyncpg.Connection) -> None:
    """C needs no proof of authority, returns the stock and opens the cart."""
    variant = await world.variant(2)
    basket = await filled(world, (variant, 2))
    await world.done(checkout(world, basket))
    await owner.execute("update person set authority_epoch = authority_epoch + 1 where id = $1", world.buyer.id)
    await world.done(undoing(world, basket, await leased(world, basket)))
    assert await numbers(owner, [variant]) == {variant: (2, 0)}
    assert await owner.fetchval("select state from cart where id = $1", basket.cart) == "open"
    assert await owner.fetchval("select failure from purchase") == {"code": "X"}


async def test_an_order_is_dispatched_after_its_capture(world: World, owner: asyncpg.Connection) -> None:
    """Approve, capture, dispatch; the view shows what was captured."""
    basket = await placed(world, (await world.variant(1), 1))
    for change in (approving(world, basket), capturing(world, basket), dispatching(world, basket)):
        await world.done(change)
    payment = await owner.fetchrow("select * from payments where order_id = $1", basket.order)
    assert (payment["authorized_minor"], payment["captured_minor"], payment["state"]) == (1250, 1250, "authorized")
    assert await owner.fetchval("select sum(amount_minor) from posting") == 0


async def test_a_refused_change_writes_nothing(world: World, owner: asyncpg.Connection) -> None:
    """The last effect refuses: no row of any table is there, and the connection goes on."""
    variant = await world.variant(1)
    basket = await filled(world, (variant, 2))
    before = await counts(owner)
    assert await world.write(checkout(world, basket)) == Short(variant, 2, 1)
    assert await counts(owner) == before
    await world.variant(1)


async def test_a_loser_is_stale(world: World) -> None:
    """Whoever names an old version, a wrong state or no row at all learns the version now."""
    basket = await placed(world, (await world.variant(1), 1))
    await world.done(approving(world, basket))
    assert await world.write(approving(world, basket)) == Stale("order", basket.order, 2)
    nowhere = replace(basket, order=new_id())
    assert await world.write(approving(world, nowhere)) == Stale("order", nowhere.order, None)


async def test_what_exists_is_not_made_twice(world: World, owner: asyncpg.Connection) -> None:
    """A second row with the same identity refuses the change as a value."""
    number = await owner.fetchval("select token_id from session where id = $1", world.buyer.session)
    row = {"person": world.buyer.id, "account": world.buyer.account, "issuer": "test", "token_id": number}
    again = create("session.start", world.platform, new_id(), **row)
    assert await world.write(world.fixed("session.start", Actor(world.platform, world.buyer.id), again)) == Exists(
        "session", again.id
    )


async def test_a_key_answers_what_was_kept(world: World, owner: asyncpg.Connection) -> None:
    """The same key replays, with other input it is a mismatch, and both write nothing."""
    variant = await world.variant(5)
    basket = await filled(world, (variant, 1))
    key = world.key(world.buyer, "checkout.complete", "k", saga="s")
    first = replace(checkout(world, basket, key), idempotency=replace(key, state="running"))
    await world.done(first)
    before = await counts(owner)
    answer = await world.write(checkout(world, basket, key))
    assert isinstance(answer, Replay)
    assert (answer.stored.state, answer.stored.outcome, answer.stored.fingerprint) == (
        "running",
        {"saga": "s"},
        b"same",
    )
    assert await world.write(checkout(world, basket, replace(key, fingerprint=b"other"))) == Mismatch()
    assert await counts(owner) == before


async def test_a_saga_finishes_its_outcome(world: World, owner: asyncpg.Connection) -> None:
    """`finish` replaces the running outcome once; whoever finishes again gets a replay."""
    basket = await filled(world, (await world.variant(5), 1))
    key = world.key(world.buyer, "checkout.complete", "k")
    await world.done(checkout(world, basket, replace(key, state="running")))
    finish = replace(key, state="finish", outcome={"done": True})
    last = replace(placing(world, basket, await leased(world, basket)), idempotency=finish)
    await world.done(last)
    assert (await owner.fetchrow("select state, outcome from idempotency"))[:] == ("done", {"done": True})
    assert isinstance(await world.write(last), Replay)


async def test_numbers_count_per_organization(world: World) -> None:
    """Whatever is made takes its number from the counter of its own home, without a gap."""
    variant = await world.variant(2)
    for number in (1001, 1002):
        basket = await filled(world, (variant, 1))
        assert (await world.done(checkout(world, basket))).taken == {"purchase": number}


async def test_cart_edits_add_up(world: World, owner: asyncpg.Connection) -> None:
    """An edit of any version locks the cart and adds; the journal carries the version it came to."""
    basket = await filled(world, (await world.variant(5), 1))
    for _ in range(3):
        edit = advance("cart_line.add", world.acme, basket.cart, 1, "open", any_version=True)
        await world.done(
            world.change("cart_line.add", world.buyer.actor, edit, added(world, basket, basket.lines[0], 2))
        )
    assert await owner.fetchval("select quantity from cart_line") == 7
    assert await owner.fetchval("select max(version) from journal where aggregate = $1", basket.cart) == 4


async def test_carts_have_limits(world: World) -> None:
    """10,000 units of one line and 200 lines are the most, and one more is refused by name."""
    basket = await filled(world, (await world.variant(5), 1))
    line = basket.lines[0]

    def edited(*effects: Effect) -> Change:
        edit = advance("cart_line.add", world.acme, basket.cart, 1, "open", any_version=True)
        return world.change("cart_line.add", world.buyer.actor, edit, *effects)

    assert await world.write(edited(added(world, basket, line, 10_000))) == Exhausted("quantity")
    assert await world.write(edited(added(world, basket, line, -1))) == Exhausted("quantity")
    assert await world.write(edited(CartLinePut(world.acme, basket.cart, line.id, {"quantity": 2**31}))) == Exhausted(
        "quantity"
    )
    many = [added(world, basket, replace(line, id=new_id(), variant=new_id()), 1) for _ in range(200)]
    assert await world.write(edited(*many)) == Exhausted("sku")
    await world.done(edited(*many[:199]))
    await world.done(edited(CartLinePut(world.acme, basket.cart, line.id, None)))
    assert await world.write(edited(CartLinePut(world.acme, basket.cart, line.id, None))) == Stale(
        "cart_line", line.id, None
    )


async def test_the_vault_keeps_what_only_the_key_opens(world: World, owner: asyncpg.Connection) -> None:
    """Text arrives sealed, opens again where it was put, and is replaced with its key."""
    cart = (await filled(world, (await world.variant(1), 1))).cart
    for text in ("first", "grüße"):
        edit = advance("cart_line.add", world.acme, cart, 1, "open", any_version=True)
        put = VaultPut(world.acme, cart, "text", text)
        await world.done(world.change("cart_line.add", world.buyer.actor, edit, put))
    row = await owner.fetchrow(
        "select v.cipher, k.wrapped from vault v join vault_key k using (organization, subject, field)"
    )
    assert b"gr" not in row["cipher"]
    assert VAULT.open(world.acme, cart, "text", row["wrapped"], row["cipher"]) == "grüße"


async def test_a_step_needs_the_fence(world: World) -> None:
    """An old fence, none at all, or a move without a step: fenced."""
    basket = await filled(world, (await world.variant(5), 1))
    await world.done(checkout(world, basket))
    assert await world.write(placing(world, basket, 0)) == Fenced()
    fence = await leased(world, basket, seconds=0)
    assert await leased(world, basket) == fence + 1
    assert await world.write(placing(world, basket, fence)) == Fenced()
    bare = advance("saga.advance", world.acme, basket.saga, 1, "running", "waiting")
    assert await world.write(world.fixed("saga.advance", Actor(world.acme), bare)) == Fenced()
    await world.done(placing(world, basket, fence + 1))


async def test_a_change_takes_at_most_200_gates(world: World) -> None:
    """Mass revocation goes by one standing gate, never by hundreds of people."""
    bumps = [EpochBump(new_id()) for _ in range(201)]
    assert await world.write(world.change("grant.revoke", world.manager.actor, *bumps)) == Exhausted("gates")


async def test_change_runs_in_read_committed_only(world: World, gateway: asyncpg.Pool) -> None:
    """A transaction that keeps its snapshot would prove what no longer holds."""
    arguments = write.encode(approving(world, await placed(world, (await world.variant(1), 1))), VAULT)
    for level in ("repeatable_read", "serializable"):
        async with gateway.acquire() as connection, connection.transaction(isolation=level):
            with pytest.raises(asyncpg.PostgresError) as refused:
                await connection.fetchrow("select * from change($1, $2, $3, $4, $5)", *arguments)
        assert refused.value.sqlstate == "PC090"


async def test_stock_moves_last(world: World, owner: asyncpg.Connection) -> None:
    """A loser whose own row is stale hears that, never that the stock is short."""
    variant = await world.variant(1)
    basket = await filled(world, (variant, 1))
    await world.done(checkout(world, basket))
    await world.done(undoing(world, basket, await leased(world, basket)))
    short = StockMove(world.volt, variant, 5, 0)
    again = checkout(world, basket)
    assert await world.write(replace(again, effects=(short, *again.effects))) == Stale("cart", basket.cart, 3)


async def test_a_step_of_a_new_saga_needs_no_lease(world: World) -> None:
    """Whoever makes the saga writes its first steps in the same change."""
    made = create("saga.start", world.acme, new_id(), kind="release", subject_noun="order", subject=new_id(), attempt=1,
                  person=world.buyer.id, acting_for=world.acme, decision=new_id())  # fmt: skip
    pending = StepRecord(world.acme, made.id, "void", "pending", 0, "key", 0)
    await world.done(world.change("saga.start", world.buyer.actor, made, pending))
    later = StepRecord(world.acme, made.id, "void", "running", 1, "key", 0)
    assert await world.write(world.change("saga.start", world.buyer.actor, later)) == Fenced()


async def test_deltas_beyond_the_integer_range_are_refused(world: World) -> None:
    """A number that no column holds is an error of the database, and nothing is written."""
    with pytest.raises(asyncpg.NumericValueOutOfRangeError):
        await world.write(world.loose(CartLineAdd(world.acme, new_id(), new_id(), 2**40, {})))
