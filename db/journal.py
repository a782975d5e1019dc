"""How the journal is read."""

from __future__ import annotations

from db.source import Filter, Relation, Sort, Source, between, one_of
from domain.journal.model import JournalEntry

JOURNAL: Source[JournalEntry] = Source(
    model=JournalEntry,
    table="journal",
    columns={"kind": "r.noun"},
    sorts={"at": Sort("r.at", "timestamptz")},
    filters={
        "subject_ids": one_of("r.aggregate", "uuid"),
        "subject_kinds": one_of("r.noun"),
        "actions": one_of("r.action"),
        "person_ids": one_of("r.person", "uuid"),
        "organization_ids": one_of("r.acting_for", "uuid"),
        "request_id": Filter("r.request_id = {}", "text"),
        **between("at", "r.at"),
    },
)

ALL = Relation(JOURNAL)
OF_DECISION = Relation(JOURNAL, "r.decision = p.id", "r.noun, r.version, r.id")
OF_AGGREGATE = Relation(
    JOURNAL,
    "r.organization = p.home and r.aggregate = p.id and r.source is distinct from r.target",
    "r.version",
)
