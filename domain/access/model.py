"""Grants and sessions as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity, Governed


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Governed):
    """`held_in` is the organization in which the role counts."""

    noun: ClassVar[str] = "grant"
    held_in: UUID
    person: UUID
    role: str
    valid_from: datetime
    valid_until: datetime | None
    granted_by: UUID | None
    revoked_by: UUID | None
    revoked_at: datetime | None
    limit_purchase_minor: int | None
    limit_period_minor: int | None
    limit_period_s: int | None
    limit_currency: str | None
    last_used_at: datetime | None
    used_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Entity):
    noun: ClassVar[str] = "session"
    person: UUID
    acting_for: UUID
    client: str | None
    started_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's live roles in one organization."""

    organization: UUID
    roles: tuple[str, ...]
