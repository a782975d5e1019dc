"""How orders and their lines are read."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Filter, Relation, Sort, Source, between, one_of, starts_with
from domain.orders.model import Order, OrderLine

ORDERS: Source[Order] = Source(
    model=Order,
    table="orders",
    columns={"label": "'Order ' || r.number"},
    scope=Scope(own="(r.placed_by = {person} and r.organization = {org})"),
    sorts={
        "placed_at": Sort("r.placed_at", "timestamptz"),
        "updated_at": Sort("r.updated_at", "timestamptz"),
        "total": Sort("r.total_minor", "bigint"),
        "next_deadline": Sort("0::int", "int"),  # no order has a deadline before promises are kept: all are equal
    },
    filters={
        "states": one_of("r.state"),
        "buyer_ids": one_of("r.organization", "uuid"),
        "vendor_ids": one_of("r.vendor", "uuid"),
        "purchase_ids": one_of("r.purchase", "uuid"),
        "number": starts_with("r.number"),
        "exact_number": Filter("r.number = {}", "text"),
        **between("placed", "r.placed_at"),
    },
)
ORDER_LINES: Source[OrderLine] = Source(
    model=OrderLine,
    table="order_items",
    cells="order",
    columns={"order": "r.order_id"},
    scope=Scope(
        own="""(r.organization = {org} and exists (select from orders o
            where o.organization = r.organization and o.id = r.order_id and o.placed_by = {person}))"""
    ),
)

ALL = Relation(ORDERS)
OF_VENDOR = Relation(ORDERS, "r.counterparty = p.home and r.vendor = p.id")
OF_PURCHASE = Relation(ORDERS, "r.organization = p.home and r.purchase = p.id", "r.number, r.id")
LINES = Relation(ORDER_LINES, "r.organization = p.home and r.order_id = p.id", "r.ordinal")
