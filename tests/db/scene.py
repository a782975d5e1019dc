"""What an attempt on an invariant is made of: a small marketplace with something in every state, and odd permits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from db.ids import new_id
from domain.change import Change
from domain.command import Actor
from domain.effects import (
    Advance,
    Create,
    Effect,
    Post,
    Put,
    StepRecord,
    StockMove,
)
from tests.db.asking import asked
from tests.db.ordering import FIRST_FENCE, capturing
from tests.db.shopping import Basket, Line, holding, item_row, order_row, system
from tests.db.world import Person, World, advance, create

CHECKED, UNLISTED, BAD_KEY, UNKNOWN = "23514", "PC022", "23505", "20000"


@dataclass(frozen=True, slots=True)
class Scene:
    """A cart, a checkout under way, a placed and an approved order, each of its own basket."""

    world: World
    cart: Basket
    held: Basket
    placed: Basket
    approved: Basket
    note: UUID  # has a text
    fence: int
    stocks: Mapping[UUID, UUID]  # by variant

    def move(
        self, action: str, basket: Basket, version: int, source: str, target: str | None = None, **more: Any
    ) -> Advance:
        counterparty = self.world.volt
        return advance(
            action, self.world.acme, basket.order, version, source, target, counterparty=counterparty, **more
        )

    def by(self, person: Person, *effects: Effect) -> Change:
        named = next(e for e in effects if isinstance(e, Advance | Create))
        return self.world.change(named.action, person.actor, *effects)

    def stock(self, reserved: int, on_hand: int, basket: Basket | None = None) -> StockMove:
        return StockMove(self.world.volt, (basket or self.placed).lines[0].variant, reserved, on_hand)

    def hold(self, quantity: int) -> Create:
        one = Basket((Line(self.placed.lines[0].variant, quantity),))
        held = holding(self.world, one, one.lines[0])
        assert isinstance(held, Create)
        return held

    def reservation(self, action: str, basket: Basket, version: int, source: str, target: str | None = None) -> Advance:
        id = basket.lines[0].reservation
        return advance(action, self.world.volt, id, version, source, target, counterparty=self.world.acme)

    def ordered(self, *, row: dict[str, Any] | None = None, item: dict[str, Any] | None = None) -> Change:
        """One more order of the placed purchase, by its own rules."""
        made = replace(self.placed, order=new_id())
        order = create(
            "order.place", self.world.acme, made.order, self.world.volt, **order_row(self.world, made) | (row or {})
        )
        lines = (
            [] if item is None else [Put("order_items", self.world.acme, new_id(), item_row(self.world, made) | item)]
        )
        return self.going_on(self.world.change("purchase.place", system(self.world, made), order, *lines))

    def going_on(self, change: Change) -> Change:
        """The same as a step of the saga that placed the order, whose lease nobody else took."""
        step = StepRecord(self.world.acme, self.placed.saga, "place", "done", 1, "key", FIRST_FENCE + 1)
        return replace(change, effects=(*change.effects, step))

    def granted(self, **row: Any) -> Change:
        given = {"person": self.world.agent.id, "role": "buyer", "granted_by": self.world.manager.id} | row
        issued = create("grant.issue", self.world.platform, new_id(), self.world.acme, **given)
        return self.by(self.world.manager, issued)

    def post(self, amount: int = 5, credit: str = "b", cause: Any = None) -> Post:
        return Post(self.world.acme, new_id(), "a", credit, amount, "EUR", cause or self.placed.order)

    def authorized(self, **row: Any) -> Change:
        given = {
            "purchase": self.held.purchase,
            "attempt": 2,
            "amount_minor": 1250,
            "currency": "EUR",
            "method": "card",
            "provider": "sandbox",
            "provider_key": str(new_id()),
        }
        made = create("authorization.initiate", self.world.acme, new_id(), **given | row)
        return self.by(self.world.buyer, made)

    def captured(self, basket: Basket, version: int, **row: Any) -> Change:
        good = capturing(self.world, replace(basket, capture=new_id()), version)
        first, second, *saga = good.effects
        assert isinstance(second, Create)
        return replace(good, effects=(first, replace(second, row={**second.row, **row}), *saga))


@dataclass(frozen=True, slots=True)
class Attempt:
    """`answer`: the refusal's class, or the SQLSTATE of what is no refusal but a bug of ours, or an attack."""

    number: int
    why: str
    change: Callable[[Scene], Change]
    answer: str


def decided(change: Change, **other: Any) -> Change:
    return replace(change, decision=replace(change.decision, **other))


def silent(change: Change) -> Change:
    """The same change, without a word about who made it."""
    (move,) = change.effects
    assert isinstance(move, Advance)
    return replace(change, effects=(replace(move, set={}),))


def acting(change: Change, world: World, actor: Actor) -> Change:
    """The same, asked and proven for somebody else."""
    role = world.role(actor)
    decision = asked(replace(change.decision, actor=actor, role=role, roles=(role,)))
    return replace(change, home=actor.organization, decision=decision, proofs=world.proofs(actor))


def adjusted(scene: Scene) -> Create:
    return create("stock.create", scene.world.volt, new_id(), variant=new_id())


def new_cart(scene: Scene) -> Create:
    return create("cart.create", scene.world.acme, new_id(), owner=scene.world.buyer.id, currency="EUR")


def setting(scene: Scene, **more: Any) -> Advance:
    world = scene.world
    return Advance(
        "runtime_setting",
        world.platform,
        world.setting,
        1,
        "live",
        "live",
        "runtime_setting.install",
        "runtime_setting.installed",
        **more,
    )
