"""Shipments."""

from __future__ import annotations

from enum import auto

import strawberry

from db.fulfillment import LINES
from domain.fulfillment import model
from resolvers import payments
from schema.bind import Words, listed, many, one, shown, shows, taken
from schema.names import OrderLineT, OrderT
from schema.scalars import DateTime, Url
from schema.shared import Actor, Governed, sealed


@listed
class ShipmentState(Words):
    """Life of a shipment."""

    DISPATCHED = auto()
    IN_TRANSIT = auto()
    DELIVERED = auto()
    LOST = auto()
    RETURNED = auto()


@shows(model.ShipmentLine)
class ShipmentLine:
    """What is in it."""

    line: OrderLineT = one(payments.line_of, semantic=False)
    quantity: int


@taken
class ShipmentLineInput:
    """What is in it."""

    line_id: strawberry.ID
    quantity: int


@shows(model.Shipment)
class Shipment(Governed):
    """One parcel or hand-over, with what its carrier says."""

    order: OrderT = one(payments.order_of_shipment, semantic=False)
    state: ShipmentState
    lines: list[ShipmentLine] = many(LINES)
    carrier: str | None
    tracking_number: str | None
    tracking_url: Url | None
    dispatched_by: Actor = shown(payments.dispatched_by)
    dispatched_at: DateTime
    delivered_at: DateTime | None
    evidence: str | None = sealed(
        lambda root: (root.home, root.id, "evidence"),
        "What the agent brought as proof of delivery.",
        group="evidence",
    )
