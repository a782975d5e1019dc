"""Decisions."""

from __future__ import annotations

from enum import auto
from typing import Any

import strawberry

from db.journal import OF_DECISION
from domain.decisions import model
from resolvers import decisions, history
from schema.bind import Words, computed, described, listed, many, noticed, one, shown, shows, taken, told
from schema.journal import JournalEntry
from schema.kinds import Role, SortDirection
from schema.revisions import PolicyRevision
from schema.scalars import ActionName, DateTime, Digest, Json, Uuid
from schema.shared import Actor, DateTimeRange, Governed, Node, PageInfo, Reason, counted


@listed
class Decider(Words):
    """Who decided."""

    POLICY = auto()
    FIXED = strawberry.enum_value(
        "fixed",
        description="A closed list of actions that only give back or record what a provider said, decided by the"
        " machine alone so that they work while policy is down.",
    )
    RECOVERY = strawberry.enum_value("recovery", description="The recovery command, signed by an offline key.")
    BOOTSTRAP = strawberry.enum_value("bootstrap", description="The first import.")


@listed
class DecisionOutcome(Words):
    """How it ended. Everything except a clean yes is a no."""

    ALLOWED = auto()
    DENIED = auto()
    FAILED_CLOSED = strawberry.enum_value(
        "failed_closed", description="No usable answer: late, undefined, malformed or from the wrong revision."
    )


@listed
class DecisionSortKey(Words):
    """What decisions are sorted by."""

    DECIDED_AT = auto()
    TOOK_MS = auto()


@taken
class DecisionFilter:
    """Which decisions."""

    outcomes: list[DecisionOutcome] | None = strawberry.UNSET
    actions: list[ActionName] | None = strawberry.UNSET
    person_ids: list[strawberry.ID] | None = strawberry.UNSET
    organization_ids: list[strawberry.ID] | None = strawberry.UNSET
    roles: list[Role] | None = strawberry.UNSET
    subject_ids: list[strawberry.ID] | None = strawberry.UNSET
    reason_codes: list[str] | None = strawberry.UNSET
    revision_numbers: list[int] | None = strawberry.UNSET
    request_id: str | None = strawberry.UNSET
    decided: DateTimeRange | None = strawberry.UNSET


@taken
class DecisionSort:
    """How decisions are sorted."""

    by: DecisionSortKey
    direction: SortDirection = SortDirection.DESC


@shows(decisions.Effect)
class DecisionEffect:
    """One object that a decision permits to change."""

    subject: Governed | None = one(decisions.subject_of_effect, optional=True)
    action: ActionName
    version: int


def _upper(root: Any) -> str | None:
    return None if root.subject_state is None else root.subject_state.upper()


@shows(model.Decision)
class Decision(Node):
    """One answer of the policy, kept for good."""

    decision_id: Uuid = shown(lambda root: root.id, "The same decision in logs and events.")
    outcome: DecisionOutcome
    decider: Decider
    action: ActionName
    actor: Actor = told("doer")
    subject: Governed | None = one(history.subject_of_decision, optional=True)
    subject_state: str | None = shown(_upper, "State and version of the subject when it was decided.")
    subject_version: int | None
    effects: list[DecisionEffect] = computed(
        decisions.effects_of,
        "Everything it permits to change, all or none; a checkout is one question about many objects.",
    )
    reasons: list[Reason] = shown(decisions.reasons)
    explanation: str = shown(decisions.explanation, "One sentence: `Denied: the approver created this order.`")
    would_be_allowed_for: str | None = shown(decisions.remedy, "Who could do it instead: `Another service manager.`")
    revision: PolicyRevision | None = computed(history.revisions_of)
    input: Json | None = shown(
        decisions.input_of, "The exact input; only for holders of `policy:explain`.", group="explain", semantic=True
    )
    input_digest: Digest = shown(decisions.input_digest)
    entries: list[JournalEntry] = many(OF_DECISION, "The changes it permitted, if they were committed.")
    request_id: str
    trace_id: str
    took_ms: int
    decided_at: DateTime


@described
class DecisionEdge:
    """A decision on a page."""

    cursor: str
    node: Decision | None = noticed()


@described
class DecisionConnection:
    """A page of decisions, counted up to 10,000, then null."""

    edges: list[DecisionEdge]
    page_info: PageInfo
    total_count: int | None = counted()
