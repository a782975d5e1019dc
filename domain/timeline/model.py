"""Notes, and the timeline that shows everything that happened to an object, as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.command import Ref
from domain.journal.model import Done
from domain.model import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Entity):
    noun: ClassVar[str] = "note"
    subject_noun: str
    subject: UUID
    visibility: str
    author: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry(Done):
    """One thing that happened; `kind` says what, `about` is the id of the object behind it."""

    noun: ClassVar[str] = "timeline_entry"
    kind: str
    at: datetime
    summary: str
    about: UUID
    about_home: UUID
    step: str | None

    @property
    def ref(self) -> Ref:
        """Each kind has a noun of its own, as the wire has a type for each."""
        return Ref(f"timeline_{self.kind}", self.home, self.id)
