"""Money: the payment of an order, authorizations, captures and calls to the provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db import payments
from domain.command import Ref
from domain.fulfillment.model import Shipment, ShipmentLine
from domain.journal.model import Doer
from domain.payments.model import Authorization, Capture, Payment
from resolvers.context import Context
from resolvers.paging import Listing

AUTHORIZATIONS = Listing(payments.ALL, "created_at", ids={"buyer_ids": ("organization",)})


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """What the buyer pays with; the sandbox tells no more than its kind."""

    brand: str
    last4: str | None = None
    expires_on: date | None = None


def order_of_payment(context: Context, payment: Payment) -> Ref:
    return Ref("order", payment.home, payment.id)


def order_of_capture(context: Context, capture: Capture) -> Ref:
    return Ref("order", capture.home, capture.order)


def authorization_of(context: Context, capture: Capture) -> Ref:
    return Ref("authorization", capture.home, capture.authorization)


def purchase_of(context: Context, authorization: Authorization) -> Ref:
    return Ref("purchase", authorization.home, authorization.purchase)


def order_of_shipment(context: Context, shipment: Shipment) -> Ref:
    return Ref("order", shipment.home, shipment.order)


def line_of(context: Context, line: ShipmentLine) -> Ref:
    return Ref("order_line", line.home, line.line)


def method(authorization: Authorization) -> PaymentMethod:
    return PaymentMethod(authorization.method)


def requested_by(capture: Capture) -> Doer:
    return Doer(person=capture.requested_by, organization=capture.counterparty, roles=("fulfillment_agent",))


def dispatched_by(shipment: Shipment) -> Doer:
    return Doer(person=shipment.dispatched_by, organization=shipment.counterparty, roles=("fulfillment_agent",))


async def captures_of(context: Context, asked: Sequence[Payment]) -> Sequence[Sequence[Capture]]:
    return await context.children(payments.CAPTURES_OF_ORDER, asked)


async def authorizations_of(context: Context, asked: Sequence[Payment]) -> Sequence[Authorization | None]:
    """The newest authorization of each payment's purchase."""
    parents = [Ref("purchase", payment.home, payment.purchase) for payment in asked]
    found = await context.under(payments.OF_PURCHASE, parents)
    return [mine[0] if mine else None for mine in found]
