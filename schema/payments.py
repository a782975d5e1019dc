"""Money: payments, authorizations, captures and calls to the provider."""

from __future__ import annotations

from enum import auto
from typing import Annotated

import strawberry

from db.payments import ATTEMPTS_OF_AUTHORIZATION
from domain.money import Money as DomainMoney
from domain.payments import model
from resolvers import payments
from schema.bind import Words, computed, described, listed, many, noticed, one, shown, shows, taken
from schema.names import PurchaseT
from schema.orders import Order
from schema.scalars import Date, DateTime
from schema.shared import Actor, DateTimeRange, Governed, Money, Node, PageInfo


@listed
class AuthorizationState(Words):
    """Life of an authorization. `UNKNOWN`: the outcome of a call is not known; only reconciliation leaves it, and
    nothing else is tried before.
    """

    INITIATED = auto()
    AUTHORIZED = auto()
    VOIDED = auto()
    EXPIRED = auto()
    DECLINED = auto()
    UNKNOWN = auto()


@listed
class PaymentAttemptKind(Words):
    """What was asked of the provider."""

    AUTHORIZE = auto()
    CAPTURE = auto()
    VOID = auto()
    REFUND = auto()
    LOOKUP = auto()


@listed
class PaymentAttemptOutcome(Words):
    """What came back."""

    SUCCEEDED = auto()
    DECLINED = auto()
    FAILED = auto()
    UNKNOWN = auto()


@listed
class MovementState(Words):
    """Life of a capture or refund."""

    PENDING = auto()
    SUCCEEDED = auto()
    FAILED = auto()
    UNKNOWN = auto()


@taken
class AuthorizationFilter:
    """Which authorizations."""

    states: list[AuthorizationState] | None = strawberry.UNSET
    buyer_ids: list[strawberry.ID] | None = strawberry.UNSET
    provider: str | None = strawberry.UNSET
    created: DateTimeRange | None = strawberry.UNSET


@shows(payments.PaymentMethod)
class PaymentMethod:
    """What the buyer pays with, masked."""

    brand: str
    last4: str | None
    expires_on: Date | None


@shows(model.PaymentAttempt)
class PaymentAttempt(Node):
    """One call to a provider."""

    kind: PaymentAttemptKind
    outcome: PaymentAttemptOutcome
    amount: Money
    provider_key: str = strawberry.field(description="Sent to the provider, so that a repeat cannot charge twice.")
    provider_reference: str | None
    decline_code: str | None
    at: DateTime


@shows(model.Authorization)
class Authorization(Governed):
    """Money a provider reserved for a purchase, per attempt. Nothing is charged by it."""

    purchase: PurchaseT | None = one(payments.purchase_of)
    state: AuthorizationState
    attempt: int
    amount: Money
    method: PaymentMethod | None = shown(payments.method, semantic=True)
    provider: str
    expires_at: DateTime | None
    decline_code: str | None
    attempts: list[PaymentAttempt] | None = many(ATTEMPTS_OF_AUTHORIZATION, group="provider", semantic=True)


@described
class AuthorizationEdge:
    """An authorization on a page."""

    cursor: str
    node: Authorization | None = noticed()


@described
class AuthorizationConnection:
    """A page of authorizations."""

    edges: list[AuthorizationEdge]
    page_info: PageInfo


Sale = Annotated[Order, strawberry.union("Sale", description="What an amount was captured or paid back for.")]


@shows(model.Capture)
class Capture(Node):
    """Money taken for one order. A failed capture keeps the order `APPROVED`."""

    of: Sale = one(payments.order_of_capture, semantic=False)
    authorization: Authorization = one(payments.authorization_of, semantic=False)
    amount: Money
    state: MovementState
    failure: str | None
    requested_by: Actor = shown(payments.requested_by)
    created_at: DateTime


@shows(model.Payment)
class Payment(Node):
    """The money of one order: its share of an authorization, what was captured, what went back."""

    order: Order = one(payments.order_of_payment, semantic=False)
    authorized: Money
    captured: Money
    refunded: Money = shown(lambda root: DomainMoney(0, root.authorized.currency))
    authorization: Authorization | None = computed(payments.authorizations_of)
    captures: list[Capture] = computed(payments.captures_of)
