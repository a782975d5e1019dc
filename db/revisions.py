"""How policy revisions are read."""

from __future__ import annotations

from db.source import Relation, Sort, Source, one_of
from domain.revisions.model import PolicyRevision

REVISIONS: Source[PolicyRevision] = Source(
    model=PolicyRevision,
    table="policy_revision",
    columns={"label": "'Policy revision ' || r.number"},
    sorts={"number": Sort("r.number", "int")},
    filters={"states": one_of("r.state"), "numbers": one_of("r.number", "int")},
)

ALL = Relation(REVISIONS)
