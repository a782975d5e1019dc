"""Sums and how they came about."""

from __future__ import annotations

from enum import auto

import strawberry

from domain import totals
from schema.bind import Words, listed, shows
from schema.scalars import DateTime
from schema.shared import Money


@listed
class PriceStepKind(Words):
    """What a price step does."""

    LIST_PRICE = auto()
    OPTION = auto()
    QUOTE = auto()
    BUNDLE_SHARE = auto()
    PROMOTION = auto()
    HANDLING = auto()
    TAX = auto()
    SHIPPING = auto()


@shows(totals.RateQuote)
class RateQuote:
    """Where a tax or shipping amount came from."""

    provider: str
    calculation_id: str
    as_of: DateTime
    stale: bool = strawberry.field(description="The provider was down and the last good answer was used.")


@shows(totals.Totals)
class Totals:
    """A sum and how it came about. On a cart it is computed, on an order it is frozen:
    total = subtotal - discount + tax + shipping + handling.
    """

    subtotal: Money
    discount: Money
    tax: Money
    shipping: Money
    handling: Money
    total: Money
    tax_quote: RateQuote
    frozen_at: DateTime | None = strawberry.field(description="Null on a cart.")


@shows(totals.PriceStep)
class PriceStep:
    """One step of a price."""

    kind: PriceStepKind
    label: str
    amount: Money
    basis_points: int | None


@shows(totals.LineTotals)
class LineTotals:
    """The same for one line."""

    unit_price: Money
    subtotal: Money
    discount: Money
    tax: Money
    total: Money
    steps: list[PriceStep] = strawberry.field(description="Each step from list price to total, in order.")
