"""Stock and reservations as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock(Entity):
    """`available` and `as_of` are for everybody; the two numbers behind it are not."""

    noun: ClassVar[str] = "stock"
    variant: UUID
    version: int
    on_hand: int
    held: int
    available: int
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation(Entity):
    """`home` is the vendor's organization, `buyer` the other side."""

    noun: ClassVar[str] = "reservation"
    buyer: UUID
    variant: UUID
    quantity: int
    state: str
    purchase: UUID
    expires_at: datetime
