"""How purchases are read."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Relation, Sort, Source, between, one_of, starts_with
from domain.purchases.model import Purchase

PURCHASES: Source[Purchase] = Source(
    model=Purchase,
    table="purchase",
    columns={"label": "'Purchase ' || r.number"},
    scope=Scope(own="(r.placed_by = {person} and r.organization = {org})"),
    sorts={"created_at": Sort("r.created_at", "timestamptz")},
    filters={
        "states": one_of("r.state"),
        "buyer_ids": one_of("r.organization", "uuid"),
        "number": starts_with("r.number"),
        **between("created", "r.created_at"),
    },
)

ALL = Relation(PURCHASES)
