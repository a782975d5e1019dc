"""How carts and their lines are read."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Filter, Relation, Sort, Source, one_of
from domain.carts.model import Cart, CartLine

CARTS: Source[Cart] = Source(
    model=Cart,
    table="cart",
    columns={"label": "'Cart'", "edited_total": "r.edited_total_minor"},
    scope=Scope(own="(r.owner = {person} and r.organization = {org})"),
    sorts={"updated_at": Sort("r.updated_at", "timestamptz")},
    filters={"states": one_of("r.state"), "owner": Filter("r.owner = {}", "uuid")},
)
CART_LINES: Source[CartLine] = Source(
    model=CartLine,
    table="cart_line",
    cells="cart",
    columns={"seen_price": "r.seen_price_minor"},
    scope=Scope(
        own="""(r.organization = {org} and exists (select from cart c
            where c.organization = r.organization and c.id = r.cart and c.owner = {person}))""",
        counterpart="false",
    ),
)

OF_BUYER = Relation(CARTS, "r.organization = p.home")
LINES = Relation(CART_LINES, "r.organization = p.home and r.cart = p.id", "r.id")
