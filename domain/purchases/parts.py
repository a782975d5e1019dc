"""A purchase split into one part per vendor, as JSON in the saga until each becomes an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from uuid import UUID

from domain.carts.facts import LineFacts
from domain.pricing import Priced, PricedLine, summed


@dataclass(frozen=True, slots=True)
class PartItem:
    id: UUID
    ordinal: int
    variant: UUID
    variant_home: UUID
    sku: str
    title: str
    quantity: int
    unit_price_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    tax_basis_points: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Part:
    """One order to be. `vendor_home` is the vendor's organization."""

    order: UUID
    ordinal: int
    vendor: UUID
    vendor_home: UUID
    currency: str
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    shipping_minor: int
    handling_minor: int
    total_minor: int
    items: tuple[PartItem, ...]

    def as_json(self) -> dict[str, Any]:
        return {**_as_json(self), "items": [_as_json(item) for item in self.items]}


def parts_of(lines: Sequence[LineFacts], priced: Priced, currency: str, new_id: Callable[[], UUID]) -> tuple[Part, ...]:
    """One part per vendor organization, in a stable order; their totals sum to the purchase's."""
    prices = {line.key: line for line in priced.lines}
    homes = sorted({line.offer.home for line in lines}, key=str)
    return tuple(
        _part([line for line in lines if line.offer.home == home], prices, currency, ordinal, new_id)
        for ordinal, home in enumerate(homes, start=1)
    )


def _part(
    lines: Sequence[LineFacts],
    prices: Mapping[UUID, PricedLine],
    currency: str,
    ordinal: int,
    new_id: Callable[[], UUID],
) -> Part:
    totals = summed([prices[line.id] for line in lines])
    return Part(
        order=new_id(),
        ordinal=ordinal,
        vendor=lines[0].offer.vendor,
        vendor_home=lines[0].offer.home,
        currency=currency,
        subtotal_minor=totals.subtotal_minor,
        discount_minor=totals.discount_minor,
        tax_minor=totals.tax_minor,
        shipping_minor=totals.shipping_minor,
        handling_minor=totals.handling_minor,
        total_minor=totals.total_minor,
        items=tuple(_item(line, prices[line.id], number, new_id()) for number, line in enumerate(lines, start=1)),
    )


def _item(line: LineFacts, price: PricedLine, ordinal: int, id: UUID) -> PartItem:
    return PartItem(
        id=id,
        ordinal=ordinal,
        variant=line.offer.id,
        variant_home=line.offer.home,
        sku=line.offer.sku,
        title=line.offer.title,
        quantity=line.quantity,
        unit_price_minor=price.unit_minor,
        subtotal_minor=price.subtotal_minor,
        discount_minor=price.discount_minor,
        tax_minor=price.tax_minor,
        tax_basis_points=price.tax_basis_points,
        total_minor=price.total_minor,
    )


def parts_from(data: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts that a saga's data keeps."""
    return tuple(_kept(part) for part in data["orders"])


def _kept(found: Mapping[str, Any]) -> Part:
    given = _typed(Part, found)
    given["items"] = tuple(PartItem(**_typed(PartItem, item)) for item in found["items"])
    return Part(**given)


def _typed(kind: type, found: Mapping[str, Any]) -> dict[str, Any]:
    ids = _names(kind, "UUID")
    return {name: UUID(value) if name in ids else value for name, value in found.items()}


def _as_json(value: Part | PartItem) -> dict[str, Any]:
    """Fields that are no lists; ids as text."""
    kind: Any = type(value)
    ids = _names(kind, "UUID")
    found = {name: getattr(value, name) for name in _names(kind, "str", "int")}
    return found | {name: str(getattr(value, name)) for name in ids}


@cache
def _names(kind: Any, *types: str) -> frozenset[str]:
    """Of the fields of some types, as they are spelled."""
    return frozenset(field.name for field in fields(kind) if field.type in types)
