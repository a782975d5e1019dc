"""Prices as a pure function: lines and a country become amounts that explain themselves; whose prices, others say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain.money import share_half_up

# One rate per country that is served, in basis points of a line's net amount.
TAX_BASIS_POINTS: dict[str, int] = {"AT": 2_000, "DE": 1_900, "FR": 2_000, "NL": 2_100}

StepKind = Literal["LIST_PRICE", "TAX"]


@dataclass(frozen=True, slots=True)
class Line:
    """What is priced: `key` names the line to whoever asked."""

    key: UUID
    unit_minor: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step from list price to total; the steps of a line sum to its total."""

    kind: StepKind
    label: str
    amount_minor: int
    basis_points: int | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    key: UUID
    unit_minor: int
    quantity: int
    subtotal_minor: int
    tax_minor: int
    tax_basis_points: int
    steps: tuple[Step, ...]
    discount_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.subtotal_minor - self.discount_minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """total = subtotal - discount + tax + shipping + handling; shipping is free for now."""

    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    shipping_minor: int = 0
    handling_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.subtotal_minor - self.discount_minor + self.tax_minor + self.shipping_minor + self.handling_minor


@dataclass(frozen=True, slots=True)
class Priced:
    lines: tuple[PricedLine, ...]
    totals: Totals


def price(lines: Sequence[Line], country: str) -> Priced:
    """Price lines for delivery to `country`. Raises `KeyError` for a country that is not served."""
    basis_points = TAX_BASIS_POINTS[country]
    priced = tuple(_line(line, country, basis_points) for line in lines)
    return Priced(priced, summed(priced))


def summed(lines: Sequence[PricedLine]) -> Totals:
    """What some of the lines come to together; one vendor's order is such a part."""
    return Totals(
        subtotal_minor=sum(line.subtotal_minor for line in lines),
        discount_minor=sum(line.discount_minor for line in lines),
        tax_minor=sum(line.tax_minor for line in lines),
    )


def _line(line: Line, country: str, basis_points: int) -> PricedLine:
    subtotal = line.unit_minor * line.quantity
    tax = share_half_up(subtotal, basis_points)
    return PricedLine(
        key=line.key,
        unit_minor=line.unit_minor,
        quantity=line.quantity,
        subtotal_minor=subtotal,
        tax_minor=tax,
        tax_basis_points=basis_points,
        steps=(
            Step("LIST_PRICE", "List price", subtotal),
            Step("TAX", f"Tax {country}", tax, basis_points),
        ),
    )
