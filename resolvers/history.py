"""What happened to an object: its timeline, its journal, the decisions about it and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db import decisions, journal, revisions, sagas, timeline
from domain.command import Ref
from domain.decisions.model import Decision
from domain.journal.model import Doer, JournalEntry
from domain.model import Entity
from domain.page import MOST, Wanted
from domain.revisions.model import PolicyRevision
from domain.sagas.model import SagaStep
from domain.timeline.facts import GOVERNED
from domain.timeline.model import Note, TimelineEntry
from resolvers.context import Context
from resolvers.paging import Listing

TIMELINE = Listing(timeline.OF_SUBJECT, "at")
JOURNAL = Listing(
    journal.ALL, "at", ids={"subject_ids": (), "person_ids": ("person",), "organization_ids": ("organization",)}
)
DECISIONS = Listing(
    decisions.ALL,
    "decided_at",
    ids={"subject_ids": (), "person_ids": ("person",), "organization_ids": ("organization",)},
)
_BEHIND = {
    "transition": "journal_entry",
    "decision": "decision",
    "payment_attempt": "payment_attempt",
    "note": "note",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """Who made one transition."""

    action: str
    doer: Doer
    at: datetime


def _governed(noun: str | None, home: object, id: object) -> Ref | None:
    if noun not in GOVERNED or home is None or id is None:
        return None
    return Ref(noun, home, id)  # type: ignore[arg-type]


def subject_of_entry(context: Context, entry: JournalEntry) -> Ref | None:
    return _governed(entry.kind, entry.home, entry.aggregate)


def subject_of_decision(context: Context, decision: Decision) -> Ref | None:
    return _governed(decision.subject_noun, decision.subject_home, decision.subject)


def subject_of_note(context: Context, note: Note) -> Ref | None:
    return _governed(note.subject_noun, note.home, note.subject)


def decision_of_entry(context: Context, entry: JournalEntry) -> Ref | None:
    """A decision lives with whom its actor acted for."""
    return None if entry.acting_for is None else Ref("decision", entry.acting_for, entry.decision)


def behind(context: Context, entry: TimelineEntry) -> Ref | None:
    """The object that a timeline entry tells of."""
    noun = _BEHIND.get(entry.kind)
    return None if noun is None else Ref(noun, entry.about_home, entry.about)


async def transitions_of(context: Context, aggregates: Sequence[Entity]) -> Sequence[Sequence[Transition]]:
    """Every transition so far, oldest first; edits are none."""
    found = await context.children(journal.OF_AGGREGATE, aggregates)
    return [[Transition(entry.action, entry.doer, entry.at) for entry in entries] for entries in found]


async def undone_steps(context: Context, entries: Sequence[TimelineEntry]) -> Sequence[SagaStep | None]:
    """The step that each entry of an undone step tells of."""
    parents = [Ref("saga", entry.about_home, entry.about) for entry in entries]
    found = await sagas.steps(context.asked, sagas.OF_SAGA, parents)
    return [
        next((step for step in steps if step.name == entry.step), None)
        for entry, steps in zip(entries, found, strict=True)
    ]


async def revisions_of(context: Context, asked: Sequence[Decision]) -> Sequence[PolicyRevision | None]:
    """The revision that gave each answer; None for what was decided without one, or where policy hides them."""
    numbers = sorted({decision.revision for decision in asked})[:MOST]
    page = Wanted("number", descending=True, first=MOST, after=None, filter={"numbers": numbers})
    (found,) = await context.pages(revisions.ALL, [context.seer_ref], page)
    known = {revision.number: revision for revision in found.items}
    return [known.get(decision.revision) for decision in asked]


async def active_revision(context: Context) -> PolicyRevision | None:
    page = Wanted("number", descending=True, first=1, after=None, filter={"states": ["active"]})
    (found,) = await context.pages(revisions.ALL, [context.seer_ref], page)
    return found.items[0] if found.items else None
