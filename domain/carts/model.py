"""Carts and their lines as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.model import Entity, Governed
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart(Governed):
    """`home` is the buyer."""

    noun: ClassVar[str] = "cart"
    owner: UUID
    currency: str
    edited_total: Money | None
    purchase: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine(Entity):
    noun: ClassVar[str] = "cart_line"
    cart: UUID
    variant: UUID
    variant_home: UUID
    sku: str
    quantity: int
    handling: tuple[str, ...]
    seen_price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNow:
    """A line against the catalog as it is now; what is no longer on sale has no price and no state."""

    id: UUID
    quantity: int
    seen_minor: int
    published: bool | None
    vendor_state: str | None
    price_minor: int | None
    free: int | None
