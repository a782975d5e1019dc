"""Orders and their lines as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity, Governed
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Governed):
    """`home` is the buyer, `counterparty` the vendor's organization."""

    noun: ClassVar[str] = "order"
    counterparty: UUID
    number: str
    purchase: UUID
    vendor: UUID
    placed_by: UUID
    subtotal: Money
    discount: Money
    tax: Money
    shipping: Money
    handling: Money
    total: Money
    tax_calculation: UUID
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine(Entity):
    noun: ClassVar[str] = "order_line"
    order: UUID
    variant: UUID
    variant_home: UUID
    sku: str
    title: str
    quantity: int
    unit_price: Money
    subtotal: Money
    discount: Money
    tax: Money
    tax_basis_points: int
    total: Money
