"""What a saga knows of itself: the values its driver and the rules of its steps share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from domain.change import Idempotency
from domain.command import Actor, OnBehalf, Outcome, Ref
from domain.facts import Resource
from domain.outcomes import to_stored

SagaKind = Literal["checkout", "dispatch", "release"]


@dataclass(frozen=True, slots=True)
class StepFacts:
    """How far one step is."""

    state: str
    attempts: int
    key: str


@dataclass(frozen=True, slots=True)
class SagaFacts:
    """`subject` is what the saga is about, as its own facts have it; None where those facts were asked for themselves.

    `key_action` and `key` are those of the client whose outcome the saga finishes, None when it has none to finish.
    """

    kind: SagaKind
    about: Ref
    attempt: int
    person: UUID
    acting_for: UUID
    decision: UUID | None
    key_action: str | None
    key: str | None
    fingerprint: bytes
    data: Mapping[str, Any]
    next_attempt_at: datetime | None
    steps: Mapping[str, StepFacts] = field(default_factory=dict)
    subject: Resource[Any] | None = None

    def attempts(self, step: str) -> int:
        found = self.steps.get(step)
        return found.attempts if found else 0

    def finish(self, outcome: Outcome) -> Idempotency | None:
        """The outcome for the client's key; None where none was kept running."""
        if self.key is None or self.key_action is None:
            return None
        return Idempotency(
            organization=self.acting_for,
            person=self.person,
            action=self.key_action,
            key=self.key,
            fingerprint=self.fingerprint,
            state="finish",
            outcome=to_stored(outcome),
        )


def system_for(saga: Resource[SagaFacts]) -> Actor:
    """The system at work in the saga's home, on behalf of whom the saga began with."""
    facts = detail_of(saga)
    return Actor(saga.home, on_behalf_of=OnBehalf(facts.person, facts.acting_for, facts.decision))


def detail_of(saga: Resource[SagaFacts]) -> SagaFacts:
    if saga.detail is None:
        raise ValueError("a saga without its facts")
    return saga.detail
