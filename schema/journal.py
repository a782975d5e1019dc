"""Journal entries."""

from __future__ import annotations

import strawberry

from domain.journal import model
from resolvers import history
from schema.bind import described, noticed, one, shown, shows, taken, told
from schema.kinds import Role
from schema.names import DecisionT
from schema.scalars import ActionName, DateTime, Digest, Json, Url, Uuid
from schema.shared import Actor, DateTimeRange, Governed, Node, PageInfo


def _upper(name: str) -> object:
    def read(root: model.JournalEntry) -> str | None:
        state = getattr(root, name)
        return None if state is None else state.upper()

    return shown(read)


def _schema(root: model.JournalEntry) -> str:
    return f"https://portcullis.example/events/{root.event}.v{root.payload_version}.json"


@shows(model.JournalEntry)
class JournalEntry(Node):
    """One committed change. Nothing changes without one, and none is ever changed."""

    event_id: Uuid = shown(lambda root: root.id, "The id of the event outside.")
    subject: Governed | None = one(history.subject_of_entry, optional=True)
    subject_kind: str = told("kind")
    version: int = strawberry.field(description="The subject's version after the change.")
    previous_state: str | None = _upper("source")  # type: ignore[assignment]
    new_state: str = _upper("target")  # type: ignore[assignment]
    action: ActionName
    event: str = strawberry.field(
        description="`order.approved`; outside it is CloudEvents type `com.portcullis.order.approved.v1`."
    )
    actor: Actor = told("doer")
    triggered_by_role: Role = told("role", "The one role that the deciding rule relied on.")
    decision: DecisionT | None = one(history.decision_of_entry)
    request_id: str
    trace_id: str
    payload_schema: Url = shown(_schema)
    payload: Json | None = told("payload", group="payload", semantic=True)
    leaf_digest: Digest = told("leaf")
    at: DateTime


@described
class JournalEntryEdge:
    """A journal entry on a page."""

    cursor: str
    node: JournalEntry | None = noticed()


@described
class JournalEntryConnection:
    """A page of journal entries."""

    edges: list[JournalEntryEdge]
    page_info: PageInfo


@taken
class JournalFilter:
    """Which entries."""

    subject_ids: list[strawberry.ID] | None = strawberry.UNSET
    subject_kinds: list[str] | None = strawberry.UNSET
    actions: list[ActionName] | None = strawberry.UNSET
    person_ids: list[strawberry.ID] | None = strawberry.UNSET
    organization_ids: list[strawberry.ID] | None = strawberry.UNSET
    request_id: str | None = strawberry.UNSET
    at: DateTimeRange | None = strawberry.UNSET
