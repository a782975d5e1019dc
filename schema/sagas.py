"""Sagas: work in several steps that is finished or undone."""

from __future__ import annotations

from enum import auto

import strawberry

from domain.sagas import model
from resolvers import purchases
from schema.bind import Words, computed, described, listed, noticed, one, shows, taken
from schema.scalars import DateTime
from schema.shared import Governed, PageInfo, counted


@listed
class SagaKind(Words):
    """What it does."""

    CHECKOUT = auto()
    DISPATCH = auto()
    BOOKING = auto()
    RENEWAL = auto()
    RELEASE = auto()
    REFUND = auto()
    PAYOUT = auto()


@listed
class SagaState(Words):
    """Life of a saga."""

    RUNNING = auto()
    WAITING = auto()
    COMPENSATING = auto()
    FINISHED = auto()
    FAILED = auto()
    PARKED = auto()


@listed
class SagaStepState(Words):
    """How far a step is."""

    PENDING = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()
    COMPENSATING = auto()
    COMPENSATED = auto()


@taken
class SagaFilter:
    """Which sagas."""

    kinds: list[SagaKind] | None = strawberry.UNSET
    states: list[SagaState] | None = strawberry.UNSET
    stuck_since: DateTime | None = strawberry.UNSET


@shows(model.SagaStep)
class SagaStep:
    """One step of a saga."""

    name: str
    state: SagaStepState
    attempts: int
    started_at: DateTime | None
    ended_at: DateTime | None
    next_attempt_at: DateTime | None
    error: str | None


@shows(model.Saga)
class Saga(Governed):
    """A piece of work in several steps that is finished or undone, whatever crashes."""

    kind: SagaKind
    state: SagaState
    subject: Governed | None = one(purchases.subject_of_saga)
    attempt: int = strawberry.field(description="Compensation undoes only what its own attempt did.")
    steps: list[SagaStep] = computed(purchases.steps_of_sagas)
    next_attempt_at: DateTime | None


@described
class SagaEdge:
    """A saga on a page."""

    cursor: str
    node: Saga | None = noticed()


@described
class SagaConnection:
    """A page of sagas, counted up to 10,000, then null."""

    edges: list[SagaEdge]
    page_info: PageInfo
    total_count: int | None = counted()
