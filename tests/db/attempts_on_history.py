"""Attempts on machines (7), decisions (8), versions (9), the journal (11), keys (13), settings (18) and sagas (19)."""

from __future__ import annotations

from dataclasses import replace

from db.ids import new_id
from domain.command import Actor
from domain.effects import Put, StepRecord, VaultPut
from tests.db.ordering import approving
from tests.db.scene import BAD_KEY, CHECKED, UNKNOWN, UNLISTED, Attempt, decided, new_cart, setting
from tests.db.shopping import placing
from tests.db.world import advance, create

ATTEMPTS: tuple[Attempt, ...] = (
    Attempt(
        7,
        "skips what comes between",
        lambda s: s.by(s.world.manager, s.move("order.complete", s.placed, 1, "placed", "completed")),
        CHECKED,
    ),
    Attempt(
        7,
        "another target",
        lambda s: s.by(s.world.manager, s.move("order.approve", s.placed, 1, "placed", "dispatched")),
        CHECKED,
    ),
    Attempt(
        7,
        "another event",
        lambda s: s.by(
            s.world.manager, replace(s.move("order.approve", s.placed, 1, "placed"), event="order.rejected")
        ),
        CHECKED,
    ),
    Attempt(
        7,
        "goes back",
        lambda s: s.by(s.world.manager, s.move("order.approve", s.approved, 2, "approved", "placed")),
        CHECKED,
    ),
    Attempt(
        7,
        "an action of another noun",
        lambda s: s.by(
            s.world.manager,
            replace(s.move("order.cancel", s.placed, 1, "placed"), action="cart.abandon", event="cart.abandoned"),
        ),
        CHECKED,
    ),
    Attempt(8, "is not listed", lambda s: decided(approving(s.world, s.placed), effects=()), UNLISTED),
    Attempt(8, "was denied", lambda s: decided(approving(s.world, s.placed), outcome="denied"), UNLISTED),
    Attempt(
        8, "was not asked", lambda s: decided(approving(s.world, s.placed), input=None, input_sha256=None), UNLISTED
    ),
    Attempt(
        8, "a question with another hash", lambda s: decided(approving(s.world, s.placed), input_sha256=b""), CHECKED
    ),
    Attempt(8, "the machine alone", lambda s: decided(approving(s.world, s.placed), decider="fixed"), CHECKED),
    Attempt(
        8,
        "rides on what the machine may",
        lambda s: decided(approving(s.world, s.placed), decider="fixed", action="saga.advance"),
        CHECKED,
    ),
    Attempt(
        8,
        "the seed, long after opening",
        lambda s: decided(approving(s.world, s.placed), decider="bootstrap"),
        UNLISTED,
    ),
    Attempt(8, "a permit without an end", lambda s: decided(approving(s.world, s.placed), not_after=None), UNLISTED),
    Attempt(8, "a permit of yesterday", lambda s: decided(approving(s.world, s.placed), not_after=1.0), "Expired"),
    Attempt(9, "a version ahead", lambda s: approving(s.world, s.placed, 2), "Stale"),
    Attempt(9, "a version behind", lambda s: approving(s.world, s.approved, 1), "Stale"),
    Attempt(9, "a second beginning", lambda s: s.by(s.world.buyer, replace(new_cart(s), id=s.cart.cart)), "Exists"),
    Attempt(9, "a second history", lambda s: s.by(s.world.buyer, replace(new_cart(s), id=s.placed.order)), BAD_KEY),
    Attempt(
        11,
        "writes the journal as a row",
        lambda s: s.by(s.world.buyer, new_cart(s), Put("journal", s.world.acme, new_id(), {})),
        UNKNOWN,
    ),
    Attempt(
        11,
        "replaces a decision",
        lambda s: s.by(s.world.buyer, new_cart(s), Put("decision", s.world.acme, new_id(), {})),
        UNKNOWN,
    ),
    Attempt(
        11,
        "replaces a text that it may not touch",
        lambda s: s.by(s.world.buyer, new_cart(s), VaultPut(s.world.acme, s.note, "text", "x")),
        UNLISTED,
    ),
    Attempt(
        13,
        "another's key",
        lambda s: replace(approving(s.world, s.placed), idempotency=s.world.key(s.world.buyer, "order.approve", "k")),
        UNLISTED,
    ),
    Attempt(
        13,
        "a used key for something else",
        lambda s: replace(
            approving(s.world, s.placed), idempotency=s.world.key(s.world.manager, "order.approve", "used", b"other")
        ),
        "Mismatch",
    ),
    Attempt(
        13,
        "a used key once more",
        lambda s: replace(
            approving(s.world, s.placed), idempotency=s.world.key(s.world.manager, "order.approve", "used")
        ),
        "Replay",
    ),
    Attempt(
        18,
        "sets a setting aside its machine",
        lambda s: s.by(s.world.manager, setting(s, set={"value": "1"})),
        UNLISTED,
    ),
    Attempt(18, "moves a setting nowhere", lambda s: s.by(s.world.manager, setting(s)), CHECKED),
    Attempt(
        18,
        "a second setting of one name",
        lambda s: s.by(
            s.world.manager,
            create(
                "runtime_setting.install",
                s.world.platform,
                new_id(),
                key="cart.ttl",
                title="x",
                kind="text",
                value="1",
                default_value="1",
            ),
        ),
        "Exists",
    ),
    Attempt(19, "a step without the lease", lambda s: placing(s.world, s.held, s.fence - 1), "Fenced"),
    Attempt(
        19,
        "a saga without a step",
        lambda s: s.world.fixed(
            "saga.advance",
            Actor(s.world.acme),
            advance("saga.advance", s.world.acme, s.held.saga, 1, "running", "finished"),
        ),
        "Fenced",
    ),
    Attempt(
        19,
        "a step of one that is long over",
        lambda s: s.by(
            s.world.buyer, new_cart(s), StepRecord(s.world.acme, s.placed.saga, "authorize", "running", 9, "k", 0)
        ),
        "Fenced",
    ),
)
