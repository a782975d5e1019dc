"""Attempts to bring something along with a permitted change (stock, numbers, texts, keys), or to write half a move."""

from __future__ import annotations

from dataclasses import replace

from db.ids import new_id
from domain.change import Change
from domain.command import Actor
from domain.effects import (
    Advance,
    Create,
    Effect,
    EpochBump,
    NumberTake,
    Put,
    StandingBump,
    StepRecord,
    StockMove,
    VaultPut,
)
from tests.db.ordering import approving, cancelling, capturing, dispatched, shipping
from tests.db.scene import CHECKED, UNLISTED, Attempt, Scene, new_cart
from tests.db.shopping import placing, system, undoing
from tests.db.world import advance, create


def cart_with(s: Scene, *effects: Effect) -> Change:
    return s.by(s.world.buyer, new_cart(s), *effects)


def adjusting(s: Scene, moved: StockMove, **payload: int) -> Change:
    """An adjustment of the placed order's variant, with whatever moves."""
    edit = advance("stock.adjust", s.world.volt, s.stocks[s.placed.lines[0].variant], 1, "live", payload=payload)
    return s.by(s.world.agent, edit, moved)


def given_back(s: Scene, *effects: Effect) -> Change:
    """What was sold comes back by the machine alone."""
    return s.world.fixed("reservation.return", Actor(s.world.volt), *effects)


def without(change: Change, *kinds: type) -> Change:
    return replace(change, effects=tuple(e for e in change.effects if not isinstance(e, kinds)))


def but(change: Change, noun: str) -> Change:
    """The same without what moves of one noun."""
    kept = (e for e in change.effects if not (isinstance(e, Advance | Create) and e.noun == noun))
    return replace(change, effects=tuple(kept))


def returned(s: Scene) -> Advance:
    return s.reservation("reservation.return", s.placed, 2, "finalized")


STOCK = (
    Attempt(2, "adjusts another variant", lambda s: adjusting(s, s.stock(0, 9, s.held), delta=9), UNLISTED),
    Attempt(2, "adjusts by more than it tells", lambda s: adjusting(s, s.stock(0, 9), delta=1), UNLISTED),
    Attempt(2, "adjusts and tells nothing", lambda s: adjusting(s, s.stock(0, 9)), UNLISTED),
    Attempt(2, "tells and adjusts nothing", lambda s: adjusting(s, s.stock(0, 0), delta=9), UNLISTED),
    Attempt(2, "touches a variant besides", lambda s: cart_with(s, s.stock(0, 0)), UNLISTED),
    Attempt(2, "brings more than the first stock tells", lambda s: first_stock(s, 5), UNLISTED),
    Attempt(3, "comes back without its stock", lambda s: given_back(s, returned(s)), UNLISTED),
    Attempt(3, "stock comes back of nothing", lambda s: given_back(s, s.stock(0, 1)), UNLISTED),
    Attempt(3, "comes back while its order lives", lambda s: given_back(s, returned(s), s.stock(0, 1)), CHECKED),
    Attempt(
        3,
        "is sold before its purchase is placed",
        lambda s: s.by(
            s.world.buyer, s.reservation("reservation.finalize", s.held, 1, "held"), s.stock(-1, -1, s.held)
        ),
        CHECKED,
    ),
    Attempt(
        3,
        "is let go while its purchase goes on",
        lambda s: s.world.fixed(
            "reservation.release",
            Actor(s.world.volt),
            s.reservation("reservation.release", s.held, 1, "held"),
            s.stock(-1, 0, s.held),
        ),
        CHECKED,
    ),
)


def first_stock(s: Scene, on_hand: int) -> Change:
    made = create("stock.create", s.world.volt, new_id(), variant=s.placed.lines[0].variant, on_hand=on_hand)
    return s.by(s.world.agent, replace(made, row={**made.row, "variant": new_id()}))


def keyed(s: Scene, change: Change, state: str = "done", action: str = "cart.create") -> Change:
    key = s.world.key(s.world.buyer, action, "forged")
    return replace(change, idempotency=replace(key, state=state))  # type: ignore[arg-type]


COMPANY = (
    Attempt(8, "voids what rests on the platform", lambda s: cart_with(s, StandingBump(s.world.platform)), UNLISTED),
    Attempt(8, "voids what rests on a vendor", lambda s: cart_with(s, StandingBump(s.world.volt)), UNLISTED),
    Attempt(8, "voids somebody's permits", lambda s: cart_with(s, EpochBump(s.world.manager.id)), UNLISTED),
    Attempt(
        8,
        "voids another's permits beside a grant",
        lambda s: with_effect(s.granted(), EpochBump(s.world.manager.id)),
        UNLISTED,
    ),
    Attempt(8, "takes a number for nothing", lambda s: cart_with(s, NumberTake(s.world.acme, "purchase")), UNLISTED),
    Attempt(8, "takes another's number", lambda s: cart_with(s, NumberTake(s.world.volt, "purchase")), UNLISTED),
    Attempt(
        8,
        "keeps a text of nothing",
        lambda s: cart_with(s, VaultPut(s.world.acme, new_id(), "text", "x")),
        UNLISTED,
    ),
    Attempt(
        11,
        "replaces a text by naming it as its reason",
        lambda s: s.by(
            s.world.buyer,
            replace(new_cart(s), payload={"reason": str(s.note)}),
            VaultPut(s.world.acme, s.note, "text", "x"),
        ),
        UNLISTED,
    ),
    Attempt(13, "a key for another action", lambda s: keyed(s, cart_with(s), action="order.approve"), UNLISTED),
    Attempt(13, "finishes what only a saga may", lambda s: keyed(s, cart_with(s), "finish"), UNLISTED),
    Attempt(
        13,
        "an outcome for whom the system acts for",
        lambda s: keyed(s, placing(s.world, s.held, s.fence), action="purchase.place"),
        UNLISTED,
    ),
    Attempt(
        13,
        "the end of a key that its saga does not bear",
        lambda s: keyed(s, placing(s.world, s.held, s.fence), "finish", "checkout.complete"),
        UNLISTED,
    ),
    Attempt(
        13,
        "an outcome for anybody, by the machine alone",
        lambda s: keyed(s, s.world.fixed("saga.advance", system(s.world, s.held), step(s)), action="saga.advance"),
        UNLISTED,
    ),
    Attempt(
        8,
        "more effects than anything needs",
        lambda s: cart_with(s, *[StockMove(s.world.volt, new_id(), 0, 0)] * 5000),
        "Exhausted",
    ),
)


def with_effect(change: Change, *effects: Effect) -> Change:
    return replace(change, effects=(*change.effects, *effects))


def step(s: Scene) -> StepRecord:
    return StepRecord(s.world.acme, s.held.saga, "authorize", "running", 1, "key", s.fence)


def sent(s: Scene, *effects: Effect) -> Change:
    """A dispatch by the agent, of an order whose money nobody captured."""
    return s.by(s.world.agent, dispatched(s.world, s.approved, 2), *effects)


HALVES = (
    Attempt(
        3,
        "cancels and keeps the stock",
        lambda s: but(without(cancelling(s.world, s.placed), StockMove), "reservation"),
        CHECKED,
    ),
    Attempt(
        6,
        "cancels and keeps the money",
        lambda s: but(without(cancelling(s.world, s.placed), StepRecord), "saga"),
        CHECKED,
    ),
    Attempt(
        6,
        "rejects and keeps both",
        lambda s: s.by(s.world.manager, s.move("order.reject", s.placed, 1, "placed")),
        CHECKED,
    ),
    Attempt(6, "dispatches without money and goods", sent, CHECKED),
    Attempt(6, "dispatches without money", lambda s: sent(s, *shipping(s.world, s.approved)), CHECKED),
    Attempt(
        6,
        "dispatches with money asked for only",
        lambda s: with_effect(
            capturing(s.world, s.approved), dispatched(s.world, s.approved, 3), *shipping(s.world, s.approved)
        ),
        UNLISTED,
    ),
    Attempt(
        3,
        "places without its orders",
        lambda s: but(without(placing(s.world, s.held, s.fence), Put), "order"),
        UNLISTED,
    ),
    Attempt(
        3,
        "places and leaves the stock held",
        lambda s: but(without(placing(s.world, s.held, s.fence), StockMove), "reservation"),
        CHECKED,
    ),
    Attempt(6, "places without its money", lambda s: but(placing(s.world, s.held, s.fence), "authorization"), CHECKED),
    Attempt(
        3,
        "fails and keeps the stock",
        lambda s: but(without(undoing(s.world, s.held, s.fence), StockMove), "reservation"),
        CHECKED,
    ),
    Attempt(6, "fails and keeps the money", lambda s: but(undoing(s.world, s.held, s.fence), "authorization"), CHECKED),
    Attempt(10, "approves beside a cancel", lambda s: with_effect(approving(s.world, s.placed), returned(s)), UNLISTED),
)

ATTEMPTS: tuple[Attempt, ...] = (*STOCK, *COMPANY, *HALVES)
