"""Journal entries as they are read, and who did what: shared with decisions and timelines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.model import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who did something, for whom and with which roles; `system` where no person did."""

    person: UUID | None
    organization: UUID | None
    roles: tuple[str, ...]
    on_behalf_of: UUID | None = None

    @property
    def system(self) -> bool:
        return self.person is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Entity):
    """What journal, decision and timeline share: who did it, asked by which request."""

    person: UUID | None
    acting_for: UUID | None
    on_behalf_of: UUID | None
    roles: tuple[str, ...]
    request_id: str | None

    @property
    def doer(self) -> Doer:
        roles = self.roles if self.person is not None else ("system",)
        return Doer(person=self.person, organization=self.acting_for, roles=roles, on_behalf_of=self.on_behalf_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry(Done):
    noun: ClassVar[str] = "journal_entry"
    aggregate: UUID
    kind: str
    version: int
    source: str | None
    target: str
    action: str
    event: str
    role: str
    decision: UUID
    trace_id: str
    payload_version: int
    payload: Mapping[str, Any]
    leaf: bytes
    at: datetime
