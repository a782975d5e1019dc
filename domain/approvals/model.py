"""Approvals as they are read: what was asked, and how it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Entity):
    """`state` is derived: granted or rejected by its answer, lapsed when the order ended unanswered."""

    noun: ClassVar[str] = "approval"
    order: UUID
    role: str
    state: str
    rule: str
    message: str
    requested_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
