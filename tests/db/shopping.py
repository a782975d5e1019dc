"""A checkout as changes, with the effects that rules would plan; for database tests. Orders go on in `ordering.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import asyncpg

from db import write
from db.ids import new_id
from domain.change import Change, Idempotency
from domain.command import Actor, OnBehalf
from domain.effects import CartLineAdd, Effect, NumberTake, Post, Put, StepRecord, StockMove
from tests.db.world import World, advance, create

PRICE = 1250


@dataclass(frozen=True, slots=True)
class Line:
    variant: UUID
    quantity: int
    id: UUID = field(default_factory=new_id)
    reservation: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Basket:
    """Everything one checkout makes, by id."""

    lines: tuple[Line, ...]
    cart: UUID = field(default_factory=new_id)
    purchase: UUID = field(default_factory=new_id)
    authorization: UUID = field(default_factory=new_id)
    saga: UUID = field(default_factory=new_id)
    decision: UUID = field(default_factory=new_id)  # the one that the saga carries out
    order: UUID = field(default_factory=new_id)
    approval: UUID = field(default_factory=new_id)
    capture: UUID = field(default_factory=new_id)
    dispatch: UUID = field(default_factory=new_id)
    shipment: UUID = field(default_factory=new_id)
    item: UUID = field(default_factory=new_id)

    @property
    def total(self) -> int:
        return PRICE * sum(line.quantity for line in self.lines)

    def holds(self, reserved: int, on_hand: int, home: UUID) -> list[Effect]:
        return [StockMove(home, line.variant, reserved * line.quantity, on_hand * line.quantity) for line in self.lines]


async def filled(world: World, *wanted: tuple[UUID, int]) -> Basket:
    """An open cart with lines."""
    basket = Basket(tuple(Line(variant, quantity) for variant, quantity in wanted))
    row = {"owner": world.buyer.id, "currency": "EUR"}
    made = create("cart.create", world.acme, basket.cart, **row)
    await world.done(
        world.change("cart.create", world.buyer.actor, made, *(added(world, basket, line) for line in basket.lines))
    )
    return basket


def added(world: World, basket: Basket, line: Line, delta: int | None = None) -> CartLineAdd:
    row = {
        "variant": line.variant,
        "variant_home": world.volt,
        "sku": f"SKU-{line.variant}",
        "seen_price_minor": PRICE,
        "currency": "EUR",
    }
    return CartLineAdd(world.acme, basket.cart, line.id, line.quantity if delta is None else delta, row)


def checkout(world: World, basket: Basket, key: Idempotency | None = None) -> Change:
    """T0: the person asks; cart, purchase, holds, intent to authorize, saga."""
    effects: list[Effect] = [
        advance("checkout.complete", world.acme, basket.cart, 1, "open", set={"purchase": basket.purchase}),
        NumberTake(world.acme, "purchase"),
        replace(create("purchase.begin", world.acme, basket.purchase, **_purchase(world, basket)), counter="purchase"),
        create("authorization.initiate", world.acme, basket.authorization, **_authorization(basket)),
        *(holding(world, basket, line) for line in basket.lines),
        create("saga.start", world.acme, basket.saga, **_saga(world, basket, key)),
        StepRecord(world.acme, basket.saga, "authorize", "pending", 0, f"{basket.purchase}:authorize:1", 0),
        *basket.holds(1, 0, world.volt),
    ]
    return world.change("checkout.complete", world.buyer.actor, *effects, key=key)


def _purchase(world: World, basket: Basket) -> dict[str, object]:
    return {
        "number": "ACME-",
        "cart": basket.cart,
        "placed_by": world.buyer.id,
        "total_minor": basket.total,
        "currency": "EUR",
        "payment_method": "pm_ok",
        "tax_country": "DE",
    }


def _authorization(basket: Basket) -> dict[str, object]:
    return {
        "purchase": basket.purchase,
        "attempt": 1,
        "amount_minor": basket.total,
        "currency": "EUR",
        "method": "card",
        "provider": "sandbox",
        "provider_key": f"{basket.purchase}:authorize:1",
    }


def _saga(world: World, basket: Basket, key: Idempotency | None) -> dict[str, object]:
    keyed = {} if key is None else {"key_action": key.action, "key": key.key, "fingerprint": key.fingerprint}
    return {
        "kind": "checkout",
        "subject_noun": "purchase",
        "subject": basket.purchase,
        "attempt": 1,
        "person": world.buyer.id,
        "acting_for": world.acme,
        "decision": basket.decision,
        **keyed,
    }


def system(world: World, basket: Basket) -> Actor:
    """The system at work for the buyer, in the saga of a checkout."""
    return Actor(world.acme, on_behalf_of=OnBehalf(world.buyer.id, world.acme, basket.decision))


def holding(world: World, basket: Basket, line: Line) -> Effect:
    """One line is held for the purchase; its stock moves beside it."""
    return create(
        "reservation.hold",
        world.volt,
        line.reservation,
        world.acme,
        variant=line.variant,
        quantity=line.quantity,
        purchase=basket.purchase,
        line=line.id,
        expires_at="2030-01-01T00:00:00Z",
    )


def placing(world: World, basket: Basket, fence: int, *, auto: bool = False) -> Change:
    """T1: the system on behalf of the buyer; one order that waits for a service manager, or approves itself."""
    obliged: list[Effect] = [
        advance("order.auto_approve", world.acme, basket.order, 1, "placed", counterparty=world.volt)
        if auto
        else Put("approval", world.acme, basket.approval, _approval(world, basket))
    ]
    effects: list[Effect] = [
        advance("authorization.confirm", world.acme, basket.authorization, 1, "initiated"),
        advance("purchase.place", world.acme, basket.purchase, 1, "authorizing"),
        create("order.place", world.acme, basket.order, world.volt, **order_row(world, basket)),
        Put("order_items", world.acme, basket.item, item_row(world, basket)),
        *moved(world, basket, "reservation.finalize", "held"),
        Post(world.acme, new_id(), "memo:committed", "memo:expected", basket.total, "EUR", basket.order),
        *saga_step(world, basket, fence, "finished"),
        *basket.holds(-1, -1, world.volt),
        *obliged,
    ]
    change = world.change("purchase.place", system(world, basket), *effects)
    obligation = {"kind": "auto_approval" if auto else "approval", "order": basket.order, "role": "service_manager"}
    return replace(change, decision=replace(change.decision, obligations=(obligation,)))


def _approval(world: World, basket: Basket) -> dict[str, object]:
    row = {"counterparty": world.volt, "order_id": basket.order, "role": "service_manager"}
    return {**row, "rule": "threshold", "message": "Needs a look."}


def order_row(world: World, basket: Basket) -> dict[str, object]:
    zero = dict.fromkeys(("discount_minor", "tax_minor", "shipping_minor", "handling_minor"), 0)
    return {
        "purchase": basket.purchase,
        "vendor": world.vendor,
        "number": f"ACME-{basket.order}",
        "placed_by": world.buyer.id,
        "subtotal_minor": basket.total,
        "total_minor": basket.total,
        "currency": "EUR",
        "tax_country": "DE",
        "tax_calculation": new_id(),
        **zero,
    }


def item_row(world: World, basket: Basket) -> dict[str, object]:
    # One line that stands for all: the database only adds up.
    return {
        "counterparty": world.volt,
        "order_id": basket.order,
        "ordinal": 1,
        "variant": basket.lines[0].variant,
        "variant_home": world.volt,
        "sku": f"SKU-{basket.lines[0].variant}",
        "title": "Socket",
        "quantity": basket.total // PRICE,
        "unit_price_minor": PRICE,
        "subtotal_minor": basket.total,
        "discount_minor": 0,
        "tax_minor": 0,
        "tax_basis_points": 0,
        "total_minor": basket.total,
        "currency": "EUR",
    }


def moved(world: World, basket: Basket, action: str, source: str, version: int = 1) -> list[Effect]:
    """Every reservation of the basket."""
    held = [line.reservation for line in basket.lines]
    return [advance(action, world.volt, id, version, source, counterparty=world.acme) for id in held]


def saga_step(world: World, basket: Basket, fence: int, target: str) -> list[Effect]:
    return [
        advance("saga.advance", world.acme, basket.saga, 1, "running", target),
        StepRecord(world.acme, basket.saga, "authorize", "done", 1, f"{basket.purchase}:authorize:1", fence),
    ]


def undoing(world: World, basket: Basket, fence: int) -> Change:
    """C: the machine alone gives everything back."""
    return world.fixed(
        "purchase.compensate",
        system(world, basket),
        advance("authorization.decline", world.acme, basket.authorization, 1, "initiated"),
        advance("purchase.compensate", world.acme, basket.purchase, 1, "authorizing"),
        advance("purchase.fail", world.acme, basket.purchase, 2, "compensating", set={"failure": {"code": "X"}}),
        advance("cart.reopen", world.acme, basket.cart, 2, "checked_out", set={"purchase": None}),
        *moved(world, basket, "reservation.release", "held"),
        *saga_step(world, basket, fence, "failed"),
        *basket.holds(-1, 0, world.volt),
    )


async def leased(world: World, basket: Basket, seconds: int = 60) -> int:
    fence = await write.lease(world.pool, f"saga:{basket.saga}", world.acme, new_id(), seconds)
    assert fence is not None
    return fence


async def placed(world: World, *wanted: tuple[UUID, int], auto: bool = False) -> Basket:
    """A whole checkout: a placed order (approved, if `auto`)."""
    basket = await filled(world, *wanted)
    await world.done(checkout(world, basket))
    await world.done(placing(world, basket, await leased(world, basket), auto=auto))
    return basket


async def numbers(owner: asyncpg.Connection, variants: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    rows = await owner.fetch("select variant, on_hand, reserved from stock where variant = any($1)", variants)
    return {row["variant"]: (row["on_hand"], row["reserved"]) for row in rows}
