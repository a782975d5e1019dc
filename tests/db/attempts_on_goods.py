"""Attempts on stock and its holds (1, 2, 3), orders (4), the ledger (5) and payments (6)."""

from __future__ import annotations

from dataclasses import replace

from db.ids import new_id
from domain.effects import Put, StockMove
from tests.db.ordering import approving
from tests.db.scene import CHECKED, UNLISTED, Attempt, adjusted, new_cart
from tests.db.shopping import item_row, undoing

ATTEMPTS: tuple[Attempt, ...] = (
    Attempt(1, "sells what is not there", lambda s: s.by(s.world.buyer, s.hold(99), s.stock(99, 0)), "Short"),
    Attempt(1, "reserves less than nothing", lambda s: s.by(s.world.buyer, s.hold(1), s.stock(-99, 0)), "Short"),
    Attempt(1, "takes what is held", lambda s: s.by(s.world.agent, adjusted(s), s.stock(0, -3, s.held)), "Short"),
    Attempt(2, "reserves without a hold", lambda s: s.by(s.world.agent, adjusted(s), s.stock(1, 0)), UNLISTED),
    Attempt(2, "holds without reserving", lambda s: s.by(s.world.buyer, s.hold(1)), UNLISTED),
    Attempt(2, "reserves more than it holds", lambda s: s.by(s.world.buyer, s.hold(1), s.stock(2, 0)), UNLISTED),
    Attempt(
        2, "moves stock beside something else", lambda s: s.by(s.world.buyer, new_cart(s), s.stock(1, 0)), UNLISTED
    ),
    Attempt(
        2,
        "ends a hold and keeps its stock",
        lambda s: replace(
            undoing(s.world, s.held, s.fence),
            effects=tuple(e for e in undoing(s.world, s.held, s.fence).effects if not isinstance(e, StockMove)),
        ),
        UNLISTED,
    ),
    Attempt(
        3,
        "sells it twice",
        lambda s: s.by(s.world.buyer, s.reservation("reservation.finalize", s.placed, 1, "held")),
        "Stale",
    ),
    Attempt(
        3,
        "releases what is sold",
        lambda s: s.by(s.world.buyer, s.reservation("reservation.release", s.placed, 2, "finalized")),
        UNLISTED,
    ),
    Attempt(
        3,
        "returns what is only held",
        lambda s: s.by(
            s.world.buyer, s.reservation("reservation.return", s.held, 1, "held", "returned"), s.stock(-1, 1, s.held)
        ),
        CHECKED,
    ),
    Attempt(4, "an order of no lines", lambda s: s.ordered(), CHECKED),
    Attempt(
        4,
        "an order above its lines",
        lambda s: s.ordered(row={"subtotal_minor": 1, "total_minor": 1}, item={}),
        CHECKED,
    ),
    Attempt(4, "a line that does not multiply", lambda s: s.ordered(item={"quantity": 7}), CHECKED),
    Attempt(4, "a line in another currency", lambda s: s.ordered(item={"currency": "USD"}), CHECKED),
    Attempt(
        4,
        "a line after placement",
        lambda s: replace(
            approving(s.world, s.placed),
            effects=(
                *approving(s.world, s.placed).effects,
                Put("order_items", s.world.acme, new_id(), item_row(s.world, s.placed) | {"ordinal": 2}),
            ),
        ),
        "23000",
    ),
    Attempt(
        4,
        "another total",
        lambda s: s.by(s.world.manager, s.move("order.approve", s.placed, 1, "placed", set={"total_minor": 1})),
        UNLISTED,
    ),
    Attempt(
        5,
        "a negative amount",
        lambda s: s.by(s.world.manager, *approving(s.world, s.placed).effects, s.post(-5)),
        CHECKED,
    ),
    Attempt(
        5, "nothing at all", lambda s: s.by(s.world.manager, *approving(s.world, s.placed).effects, s.post(0)), CHECKED
    ),
    Attempt(
        5,
        "from an account to itself",
        lambda s: s.by(s.world.manager, *approving(s.world, s.placed).effects, s.post(5, "a")),
        CHECKED,
    ),
    Attempt(
        5,
        "for what does not move",
        lambda s: s.by(s.world.manager, *approving(s.world, s.placed).effects, s.post(cause=new_id())),
        UNLISTED,
    ),
    Attempt(6, "a second live authorization", lambda s: s.authorized(), "Exists"),
    Attempt(6, "captured before it began", lambda s: s.authorized(captured_minor=1250), UNLISTED),
    Attempt(6, "captures more than authorized", lambda s: s.captured(s.approved, 2, amount_minor=1251), CHECKED),
    Attempt(6, "captures in another currency", lambda s: s.captured(s.approved, 2, currency="USD"), CHECKED),
    Attempt(6, "captures nothing", lambda s: s.captured(s.approved, 2, amount_minor=0), CHECKED),
)
