"""Decisions as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.journal.model import Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Done):
    noun: ClassVar[str] = "decision"
    outcome: str
    decider: str
    action: str
    subject_noun: str | None
    subject_home: UUID | None
    subject: UUID | None
    subject_state: str | None
    subject_version: int
    effects: tuple[Mapping[str, Any], ...]
    reasons: tuple[Mapping[str, Any], ...]
    role: str | None
    revision: int
    input: str | None
    input_sha256: bytes | None
    trace_id: str
    took_ms: int
    decided_at: datetime
