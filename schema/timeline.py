"""Timelines and notes: everything that happened to an object."""

from __future__ import annotations

from typing import Any

import strawberry

from domain.journal.model import Doer
from domain.timeline import model
from resolvers import history
from schema.bind import NAMES, Words, computed, described, listed, noticed, one, shown, shows, taken, told, type_name
from schema.changes import Answer, Keyed
from schema.names import DecisionT, JournalEntryT, PaymentAttemptT, SagaStepT
from schema.scalars import DateTime
from schema.shared import Actor, Governed, Node, PageInfo, sealed_always


@listed
class NoteVisibility(Words):
    """Who sees a note."""

    PLATFORM = strawberry.enum_value("platform", description="Staff of the platform.")
    PARTIES = strawberry.enum_value("parties", description="Buyer and vendor of the order or booking as well.")


@shows(model.Note)
class Note(Node):
    """Words a person left on an object."""

    subject: Governed | None = one(history.subject_of_note)
    text: str = sealed_always(lambda root: (root.home, root.id, "text"))
    visibility: NoteVisibility
    author: Actor = shown(lambda root: Doer(person=root.author, organization=None, roles=()))
    created_at: DateTime


def _kind(obj: model.TimelineEntry) -> str:
    return f"Timeline{obj.kind.title().replace('_', '')}"


NAMES[model.TimelineEntry] = _kind


def _is(kind: str) -> Any:
    def is_type_of(obj: Any, info: Any) -> bool:
        return isinstance(obj, model.TimelineEntry) and obj.kind == kind

    return staticmethod(is_type_of)


@strawberry.interface(description="One thing that happened to an object.")
class TimelineEntry(Node):
    at: DateTime
    actor: Actor | None = told("doer")
    summary: str = strawberry.field(description="One sentence, ready to show.")
    request_id: str | None

    resolve_type = staticmethod(type_name)


@strawberry.type(description="A committed change.")
class TimelineTransition(TimelineEntry):
    entry: JournalEntryT | None = one(history.behind)
    is_type_of = _is("transition")


@strawberry.type(description="A decision, allowed or denied.")
class TimelineDecision(TimelineEntry):
    decision: DecisionT | None = one(history.behind)
    is_type_of = _is("decision")


@strawberry.type(description="A call to a payment provider.")
class TimelinePaymentAttempt(TimelineEntry):
    attempt: PaymentAttemptT | None = one(history.behind)
    is_type_of = _is("payment_attempt")


@strawberry.type(description="A step undone.")
class TimelineCompensation(TimelineEntry):
    step: SagaStepT = computed(history.undone_steps)
    is_type_of = _is("compensation")


@strawberry.type(description="A note by a person.")
class TimelineNote(TimelineEntry):
    note: Note | None = one(history.behind)
    is_type_of = _is("note")


@described
class TimelineEntryEdge:
    """A timeline entry on a page."""

    cursor: str
    node: TimelineEntry | None = noticed()


@described
class TimelineEntryConnection:
    """A page of timeline entries."""

    edges: list[TimelineEntryEdge]
    page_info: PageInfo


ENTRIES = (TimelineTransition, TimelineDecision, TimelinePaymentAttempt, TimelineCompensation, TimelineNote)


@taken
class NoteAddInput(Keyed):
    """Input of `noteAdd`."""

    subject_id: strawberry.ID
    text: str
    visibility: NoteVisibility = NoteVisibility.PLATFORM


@described
class NoteAddPayload(Answer):
    """Answer of `noteAdd`."""

    note: Note | None
