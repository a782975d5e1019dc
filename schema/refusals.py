"""Refusals: an expected no is data. The domain's values are shown as they are."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import strawberry

from domain import refusals
from domain.command import Ref
from resolvers.context import Context
from schema.bind import Info, described, field, one, plainly, shows, type_name
from schema.names import AuthorizationT, CartLineT
from schema.scalars import ActionName, DateTime
from schema.shared import Money, Reason


@strawberry.enum(description="One code per kind of refusal.")
class RefusalCode(Enum):
    DENIED = "DENIED"
    ILLEGAL_TRANSITION = "ILLEGAL_TRANSITION"
    CONFLICT = "CONFLICT"
    IN_PROGRESS = "IN_PROGRESS"
    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    PRICE_CHANGED = "PRICE_CHANGED"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    SLOT_TAKEN = "SLOT_TAKEN"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    TOO_LATE = "TOO_LATE"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    UNAVAILABLE = "UNAVAILABLE"


@strawberry.enum(description="Whether and when the same request may be sent again.")
class Retryable(Enum):
    NEVER = "NEVER"
    AFTER_DELAY = strawberry.enum_value("AFTER_DELAY", description="Wait `retryAfterMs`, then send the same key.")
    AFTER_AUTH = strawberry.enum_value("AFTER_AUTH", description="Sign in again; do not drop a queued request.")
    AFTER_UPGRADE = strawberry.enum_value("AFTER_UPGRADE", description="Only a newer app release can.")


@strawberry.enum(description="What is down or closed.")
class UnavailableReason(Enum):
    POLICY = "POLICY"
    POLICY_BEHIND = strawberry.enum_value(
        "POLICY_BEHIND", description="The active policy revision does not know this action yet."
    )
    PROVIDER = strawberry.enum_value(
        "PROVIDER", description="A payment, tax or shipping provider, without a quote fresh enough to go on."
    )
    MAINTENANCE = "MAINTENANCE"


@strawberry.interface(
    description="An expected no. A payload carries either its nouns or a refusal; where the viewer may see the current"
    " object, it comes along."
)
class Refusal:
    code: RefusalCode
    message: str
    retryable: Retryable

    resolve_type = staticmethod(type_name)


@plainly
def _decision_id(root: refusals.Denied, info: Info) -> str:
    return info.context.encode(Ref("decision", root.decision_home, root.decision))


def _at(name: str, noun: str) -> Callable[[Context, Any], Ref | None]:
    """A (home, id) pair of the refusal as a reference."""

    def ref(context: Context, root: Any) -> Ref | None:
        pair = getattr(root, name)
        return None if pair is None else Ref(noun, *pair)

    return ref


def _line(context: Context, root: refusals.Shortage | refusals.ChangedPrice) -> Ref | None:
    """Lines live where the viewer's cart does."""
    return None if root.line is None else Ref("cart_line", context.seer_ref.id, root.line)


@shows(refusals.Denied)
class Denied(Refusal):
    """Policy said no."""

    decision_id: strawberry.ID = field(_decision_id)
    policy_revision: int
    reasons: list[Reason]


@shows(refusals.IllegalTransition)
class IllegalTransition(Refusal):
    """The object's state has no such transition."""

    state: str = strawberry.field(description="The current state, spelled as in the noun's state enum.")
    allowed: list[ActionName] = strawberry.field(description="Actions that its machine has from here.")


@shows(refusals.Conflict)
class Conflict(Refusal):
    """Somebody was faster: `expectedVersion` is old. Look again, then decide again with a new key."""

    current_version: int


@shows(refusals.InProgress)
class InProgress(Refusal):
    """The first request with this key still runs; the same key answers once it is done."""

    retry_after_ms: int


@shows(refusals.Violation)
class Violation:
    """One broken input rule."""

    field: list[str] = strawberry.field(description='Path inside `input`, `["lines", "0", "quantity"]`.')
    code: str = strawberry.field(description="Stable, `PROMOTION_EXPIRED`. An open set, listed in the error catalogue.")
    message: str


@shows(refusals.Invalid)
class Invalid(Refusal):
    """The input breaks rules that need no policy."""

    violations: list[Violation]


@shows(refusals.NotFound)
class NotFound(Refusal):
    """No such object, or none that the viewer may know of."""


@shows(refusals.ChangedPrice)
class ChangedPrice:
    """One line whose unit price moved."""

    line: CartLineT | None = one(_line, optional=True)
    sku: str
    expected: Money
    actual: Money


@shows(refusals.PriceChanged)
class PriceChanged(Refusal):
    """The total is not the one the buyer agreed to; nothing was held or charged."""

    expected: Money
    actual: Money
    lines: list[ChangedPrice]


@shows(refusals.Shortage)
class Shortage:
    """One line that is short."""

    line: CartLineT | None = one(_line, optional=True)
    sku: str
    requested: int
    available: int


@shows(refusals.OutOfStock)
class OutOfStock(Refusal):
    """Not enough stock for all lines; none was held."""

    lines: list[Shortage]


@described
class Slot:
    """A span in which a booking may begin."""

    starts_at: DateTime
    ends_at: DateTime
    seats_left: int
    price: Money


@described
class SlotTaken(Refusal):
    """The slot has no free seats left."""

    alternatives: list[Slot] = strawberry.field(description="The nearest free slots.")


@shows(refusals.PaymentDeclined)
class PaymentDeclined(Refusal):
    """The provider declined; held stock or slots were released."""

    decline_code: str = strawberry.field(description="Normalized over providers, `insufficient_funds`.")
    authorization: AuthorizationT | None = one(_at("authorization", "authorization"), optional=True)


@shows(refusals.TooLate)
class TooLate(Refusal):
    """The deadline for this action has passed."""

    deadline: DateTime


@shows(refusals.IdempotencyMismatch)
class IdempotencyMismatch(Refusal):
    """The idempotency key was used with other input; nothing about that request is revealed."""


@shows(refusals.Unavailable)
class Unavailable(Refusal):
    """Something needed is down or closed; nothing was written."""

    reason: UnavailableReason
    retry_after_ms: int


REFUSALS = (
    Conflict,
    Denied,
    IdempotencyMismatch,
    IllegalTransition,
    InProgress,
    Invalid,
    NotFound,
    OutOfStock,
    PaymentDeclined,
    PriceChanged,
    SlotTaken,
    TooLate,
    Unavailable,
)
