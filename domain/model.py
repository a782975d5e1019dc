"""What every object of the read has in common; each room's `model.py` adds its own fields and nothing moves here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.command import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Anything with a global id. `seen` names the field groups beyond `summary` that this viewer may read."""

    noun: ClassVar[str]
    home: UUID
    id: UUID
    seen: frozenset[str] = frozenset()

    @property
    def ref(self) -> Ref:
        return Ref(self.noun, self.home, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed(Entity):
    """Anything with a machine: its version is what `expectedVersion` names."""

    state: str
    version: int
    created_at: datetime
    updated_at: datetime
    label: str
