"""Purchases as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from domain.model import Governed
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase(Governed):
    """`home` is the buyer. `failure` is the stored refusal of a checkout that failed."""

    noun: ClassVar[str] = "purchase"
    number: str
    cart: UUID | None
    placed_by: UUID
    reference: str | None
    total: Money
    failure: Mapping[str, Any] | None
