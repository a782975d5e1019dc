"""The catalog as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity, Governed
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Governed):
    noun: ClassVar[str] = "service"
    vendor: UUID
    kind: str
    title: str
    description: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant(Governed):
    """`price` is the price now."""

    noun: ClassVar[str] = "variant"
    service: UUID
    sku: str
    title: str
    price: Money
    duration_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Entity):
    noun: ClassVar[str] = "price"
    variant: UUID
    amount: Money
    valid_from: datetime
    valid_until: datetime | None
    changed_by: UUID | None
    reason: str | None
