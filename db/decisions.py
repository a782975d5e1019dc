"""How decisions are read; one lives with the organization that its actor acted for."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Filter, Relation, Sort, Source, between, one_of
from domain.decisions.model import Decision

DECISIONS: Source[Decision] = Source(
    model=Decision,
    table="decision",
    columns={"acting_for": "r.organization"},
    scope=Scope(own="(r.person = {person} and r.organization = {org})", counterpart="false"),
    sorts={"decided_at": Sort("r.decided_at", "timestamptz"), "took_ms": Sort("r.took_ms", "int")},
    filters={
        "outcomes": one_of("r.outcome"),
        "actions": one_of("r.action"),
        "person_ids": one_of("r.person", "uuid"),
        "organization_ids": one_of("r.organization", "uuid"),
        "roles": Filter("r.roles && {}", "text[]"),
        "subject_ids": one_of("r.subject", "uuid"),
        "reason_codes": Filter(
            "exists (select from jsonb_array_elements(r.reasons) x where x ->> 'code' = any({}))", "text[]"
        ),
        "revision_numbers": one_of("r.revision", "int"),
        "request_id": Filter("r.request_id = {}", "text"),
        **between("decided", "r.decided_at"),
    },
)

ALL = Relation(DECISIONS)
