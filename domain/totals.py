"""Sums and how they came about, as they are read: computed on a cart, frozen on an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RateQuote:
    """Where a tax or shipping amount came from."""

    provider: str
    calculation_id: str
    as_of: datetime
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    subtotal: Money
    discount: Money
    tax: Money
    shipping: Money
    handling: Money
    total: Money
    tax_quote: RateQuote
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStep:
    """One step of a price; `kind` is list_price, tax, …"""

    kind: str
    label: str
    amount: Money
    basis_points: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTotals:
    unit_price: Money
    subtotal: Money
    discount: Money
    tax: Money
    total: Money
    steps: tuple[PriceStep, ...]
