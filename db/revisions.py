"""How policy revisions are read."""

from __future__ import annotations

from db.source import Filter, Relation, Sort, Source
from domain.revisions.model import PolicyRevision

REVISIONS: Source[PolicyRevision] = Source(
    model=PolicyRevision,
    table="policy_revision",
    columns={"label": "'Policy revision ' || r.number"},
    sorts={"number": Sort("r.number", "int")},
    filters={"states": Filter("r.state = any({})", "text[]")},
)

ALL = Relation(REVISIONS)
OF_DECISION = Relation(REVISIONS, "r.number = p.number")
