"""How shipments are read."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Relation, Source
from domain.fulfillment.model import Shipment, ShipmentLine

_PARTY = """exists (select from shipment s where s.organization = r.organization and s.id = r.shipment
    and s.{} = {{org}})"""

SHIPMENTS: Source[Shipment] = Source(
    model=Shipment,
    table="shipment",
    joins="join orders o on o.organization = r.organization and o.id = r.order_id",
    columns={"order": "r.order_id", "label": "'Shipment of ' || o.number"},
    scope=Scope(own="(o.placed_by = {person} and r.organization = {org})"),
)
SHIPMENT_LINES: Source[ShipmentLine] = Source(
    model=ShipmentLine,
    table="shipment_line",
    cells="shipment",
    columns={"line": "r.item"},
    scope=Scope(organization=_PARTY.format("organization"), counterpart=_PARTY.format("counterparty")),
)

OF_ORDER = Relation(SHIPMENTS, "r.organization = p.home and r.order_id = p.id", "r.dispatched_at, r.id")
LINES = Relation(SHIPMENT_LINES, "r.organization = p.home and r.shipment = p.id", "r.id")
