"""How carts and their lines are read."""

from __future__ import annotations

from collections.abc import Sequence

from db.scopes import Arguments, Scope
from db.select import Asked
from db.services import PRICE_NOW
from db.source import Filter, Relation, Sort, Source, one_of
from domain.carts.model import Cart, CartLine, LineNow
from domain.command import Ref

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

OF_BUYER = Relation(CARTS, "r.organization = p.id")
LINES = Relation(CART_LINES, "r.organization = p.home and r.cart = p.id", "r.id")


async def offers(asked: Asked, parents: Sequence[Ref]) -> list[list[LineNow]]:
    """What each line of each cart costs now and whether it can be had, in the order of the lines.

    Whoever sees the cart sees its prices; what is no longer on sale has none.
    """
    bind = Arguments()
    homes, ids = bind([p.home for p in parents], "uuid[]"), bind([p.id for p in parents], "uuid[]")
    records = await asked.reader.fetch(
        "select p.n, l.id, l.quantity, l.seen_price_minor as seen_minor, s.state = 'published' as published,"
        f" d.state as vendor_state, {PRICE_NOW.format(variant='v')} as price_minor, k.on_hand - k.reserved as free"
        f" from unnest({homes}, {ids}) with ordinality as p(home, id, n)"
        " join cart_line l on l.organization = p.home and l.cart = p.id"
        " left join variant v on v.organization = l.variant_home and v.id = l.variant"
        " left join service s on s.organization = v.organization and s.id = v.service"
        " left join vendor d on d.organization = s.organization and d.id = s.vendor"
        " left join stock k on k.organization = v.organization and k.variant = v.id"
        " order by p.n, l.id",
        bind,
    )
    found: list[list[LineNow]] = [[] for _ in parents]
    for record in records:
        found[record["n"] - 1].append(LineNow(**{k: v for k, v in record.items() if k != "n"}))
    return found
