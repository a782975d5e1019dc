"""Policy revisions as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.model import Governed


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRevision(Governed):
    noun: ClassVar[str] = "policy_revision"
    number: int
    title: str
    digest: str
    activated_at: datetime | None
    revoked_at: datetime | None
