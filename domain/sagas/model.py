"""Sagas and their steps as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Governed


@dataclass(frozen=True, slots=True, kw_only=True)
class Saga(Governed):
    noun: ClassVar[str] = "saga"
    kind: str
    subject_noun: str
    subject: UUID
    attempt: int
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaStep:
    """One step; it has no identity outside its saga."""

    name: str
    state: str
    attempts: int
    started_at: datetime | None
    ended_at: datetime | None
    next_attempt_at: datetime | None
    error: str | None
