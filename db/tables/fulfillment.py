"""Shipments and what is in them; the evidence of delivery is in the vault."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from db.tables.columns import Noun, Row, head, instant, parent, rule, words


class Shipment(Noun, table=True):
    __tablename__ = "shipment"
    __table_args__ = (
        head("shipment"),
        parent("shipment", "order_id", "orders", later=True),
        Index("shipment_order_ix", "organization", "order_id"),
        {
            "info": {
                "settable": ("carrier", "tracking_number", "tracking_url", "delivered_at"),
                "makers": ("dispatched_by",),
                "frozen": ("counterparty", "order_id", "dispatched_by", "dispatched_at"),
            }
        },
    )

    order_id: UUID
    carrier: str | None = words(nullable=True)
    tracking_number: str | None = words(nullable=True)
    tracking_url: str | None = words(nullable=True)
    dispatched_by: UUID
    dispatched_at: datetime = instant(now=True)
    delivered_at: datetime | None = instant(nullable=True)


class ShipmentLine(Row, table=True):
    __tablename__ = "shipment_line"
    __table_args__ = (
        parent("shipment_line", "shipment", "shipment"),
        parent("shipment_line", "item", "order_items"),
        UniqueConstraint("organization", "shipment", "item"),
        rule("quantity_is_positive", "quantity > 0"),
        {"info": {"by_effect": True, "of": ("shipment",), "insert_only": True, "reads": "shipment_line"}},
    )

    shipment: UUID
    item: UUID
    quantity: int
