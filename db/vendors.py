"""How vendors are read; who sells here is known to everybody."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Relation, Sort, Source, contains, one_of
from domain.vendors.model import Vendor

VENDORS: Source[Vendor] = Source(
    model=Vendor,
    table="vendor",
    columns={"label": "r.name"},
    scope=Scope(open="true"),
    sorts={
        "name": Sort("r.name", "text"),
        "created_at": Sort("r.created_at", "timestamptz"),
        "trust_score": Sort("0::int", "int"),  # nobody has a score before trust is kept: all are equal
    },
    filters={"text": contains("r.name"), "states": one_of("r.state")},
)

ALL = Relation(VENDORS)
OF_ORGANIZATION = Relation(VENDORS, "r.organization = p.id")
