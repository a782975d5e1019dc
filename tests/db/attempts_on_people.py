"""Attempts on the separation of people (10), on tenants (12) and on grants (17)."""

from __future__ import annotations

from dataclasses import replace

from db.ids import new_id
from domain.effects import CartLinePut, Put, TimerSet
from tests.db.ordering import approving
from tests.db.scene import CHECKED, UNLISTED, Attempt, acting, new_cart, silent
from tests.db.shopping import system

ATTEMPTS: tuple[Attempt, ...] = (
    Attempt(
        10,
        "approves what one placed",
        lambda s: acting(
            s.by(s.world.buyer, s.move("order.approve", s.placed, 1, "placed", set={"approved_by": s.world.buyer.id})),
            s.world,
            s.world.buyer.actor,
        ),
        CHECKED,
    ),
    Attempt(
        10,
        "approves it without saying so",
        lambda s: acting(silent(approving(s.world, s.placed)), s.world, s.world.buyer.actor),
        UNLISTED,
    ),
    Attempt(
        10,
        "lets the system approve it",
        lambda s: s.going_on(acting(silent(approving(s.world, s.placed)), s.world, system(s.world, s.placed))),
        UNLISTED,
    ),
    Attempt(
        10,
        "approves in another's name",
        lambda s: acting(approving(s.world, s.placed), s.world, s.world.buyer.actor),
        UNLISTED,
    ),
    Attempt(
        10,
        "rejects what one placed",
        lambda s: s.by(s.world.buyer, s.move("order.reject", s.placed, 1, "placed")),
        UNLISTED,
    ),
    Attempt(
        10,
        "dispatches what one approved",
        lambda s: s.by(s.world.manager, s.move("order.dispatch", s.approved, 2, "approved")),
        UNLISTED,
    ),
    Attempt(
        10,
        "signs for a dispatch",
        lambda s: s.by(
            s.world.manager,
            s.move("order.dispatch", s.approved, 2, "approved", set={"dispatched_by": s.world.manager.id}),
        ),
        CHECKED,
    ),
    Attempt(
        12,
        "another tenant's cart",
        lambda s: s.by(
            s.world.agent, s.hold(1), s.stock(1, 0), CartLinePut(s.world.acme, s.cart.cart, s.cart.lines[0].id, None)
        ),
        UNLISTED,
    ),
    Attempt(
        12,
        "a transfer in another's books",
        lambda s: s.by(s.world.buyer, new_cart(s), replace(s.post(), organization=s.world.volt)),
        UNLISTED,
    ),
    Attempt(
        12,
        "a timer of another",
        lambda s: s.by(s.world.buyer, new_cart(s), TimerSet(s.world.acme, "cart", s.cart.cart, "cart.expire", 0)),
        UNLISTED,
    ),
    Attempt(
        12,
        "a row of another's order",
        lambda s: s.by(
            s.world.buyer, new_cart(s), Put("approval", s.world.acme, new_id(), {"order_id": s.placed.order})
        ),
        UNLISTED,
    ),
    Attempt(
        12,
        "a home of its own choice",
        lambda s: s.by(
            s.world.manager, replace(s.move("order.approve", s.placed, 1, "placed"), organization=s.world.volt)
        ),
        "Stale",
    ),
    Attempt(17, "grants to oneself", lambda s: s.granted(person=s.world.manager.id), CHECKED),
    Attempt(17, "grants in nobody's name", lambda s: s.granted(granted_by=None), UNLISTED),
    Attempt(17, "grants in another's name", lambda s: s.granted(granted_by=s.world.buyer.id), UNLISTED),
    Attempt(
        17, "ends before it begins", lambda s: s.granted(valid_from="2030-01-01", valid_until="2029-01-01"), CHECKED
    ),
    Attempt(17, "half a limit", lambda s: s.granted(limit_purchase_minor=5), CHECKED),
)
