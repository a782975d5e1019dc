"""How stock and reservations are read; what is available is known to everybody for what is on sale."""

from __future__ import annotations

from db.scopes import Scope
from db.services import ON_SALE
from db.source import Relation, Sort, Source, one_of
from domain.inventory.model import Reservation, Stock

STOCKS: Source[Stock] = Source(
    model=Stock,
    table="stock",
    columns={
        "held": "r.reserved",
        "available": "r.on_hand - r.reserved",
        "as_of": "clock_timestamp()",
    },
    scope=Scope(open=ON_SALE.format(variant="r.variant")),
)
RESERVATIONS: Source[Reservation] = Source(
    model=Reservation,
    table="inventory_reservations",
    columns={"buyer": "r.counterparty"},
    sorts={"expires_at": Sort("r.expires_at", "timestamptz")},
    filters={"states": one_of("r.state")},
)

OF_VARIANT = Relation(STOCKS, "r.organization = p.home and r.variant = p.id")
RESERVATIONS_OF_VARIANT = Relation(RESERVATIONS, "r.organization = p.home and r.variant = p.id")
