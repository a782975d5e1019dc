"""The demo's placed orders, as effects: what a checkout leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cli.seed_data import CURRENCY, load, seeded
from cli.seed_people import person_of
from domain.command import OnBehalf
from domain.effects import Advance, Effect, Put
from domain.machines import ACTIONS
from domain.plan import create
from domain.pricing import Line, Priced, price

COUNTRY = "DE"
TOKEN = "pm_ok"  # noqa: S105 - a public test token of the sandbox


def orders() -> Iterator[tuple[str, list[Effect], OnBehalf]]:
    """Each purchase with its order, and for whom it was placed."""
    numbers: dict[str, int] = {}
    for n, one in enumerate(load("orders"), start=1):
        home = seeded("organization", one["organization"])
        numbers[one["organization"]] = numbers.get(one["organization"], 1_000) + 1
        number = f"{one['organization'].upper()}-{numbers[one['organization']]}"
        yield f"order:{n}", list(_purchase(one, number)), OnBehalf(person_of(one["buyer"]), home, None)


def _purchase(one: Mapping[str, Any], number: str) -> Iterator[Effect]:
    home, id = seeded("organization", one["organization"]), seeded("purchase", number)
    priced = price(
        [Line(seeded("item", f"{number}:{sku}"), _listed(sku), n) for sku, n in one["lines"].items()], COUNTRY
    )
    row = {
        "number": number,
        "placed_by": person_of(one["buyer"]),
        "total_minor": priced.totals.total_minor,
        "currency": CURRENCY,
        "payment_method": TOKEN,
        "tax_country": COUNTRY,
    }
    yield create("purchase.begin", home, id, row)
    place = ACTIONS["purchase.place"]
    yield Advance("purchase", home, id, 1, "authorizing", "placed", place.name, place.event)
    yield from _order(one, number, priced)


def _order(one: Mapping[str, Any], number: str, priced: Priced) -> Iterator[Effect]:
    home, vendor = seeded("organization", one["organization"]), seeded("organization", "Voltworks")
    id, totals = seeded("order", f"{number}-1"), priced.totals
    row = {
        "purchase": seeded("purchase", number),
        "vendor": seeded("vendor", "Voltworks"),
        "number": f"{number}-1",
        "placed_by": person_of(one["buyer"]),
        "subtotal_minor": totals.subtotal_minor,
        "discount_minor": totals.discount_minor,
        "tax_minor": totals.tax_minor,
        "shipping_minor": totals.shipping_minor,
        "handling_minor": totals.handling_minor,
        "total_minor": totals.total_minor,
        "currency": CURRENCY,
        "tax_country": COUNTRY,
        "tax_calculation": seeded("tax", number),
    }
    yield create("order.place", home, id, row, counterparty=vendor)
    for ordinal, (sku, line) in enumerate(zip(one["lines"], priced.lines, strict=True), start=1):
        item = {
            "counterparty": vendor,
            "order_id": id,
            "ordinal": ordinal,
            "variant": seeded("variant", sku),
            "variant_home": vendor,
            "sku": sku,
            "title": _variant(sku)["title"],
            "quantity": line.quantity,
            "unit_price_minor": line.unit_minor,
            "subtotal_minor": line.subtotal_minor,
            "discount_minor": line.discount_minor,
            "tax_minor": line.tax_minor,
            "tax_basis_points": line.tax_basis_points,
            "total_minor": line.total_minor,
            "currency": CURRENCY,
        }
        yield Put("order_items", home, line.key, item)
    approval = {
        "order_id": id,
        "counterparty": vendor,
        "role": "service_manager",
        "rule": "approval.amount",
        "message": "Orders of 100.00 EUR and more wait for a service manager.",
    }
    yield Put("approval", home, seeded("approval", number), approval)


def _variant(sku: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(v for one in load("catalog") for v in one["variants"] if v["sku"] == sku)
    return found


def _listed(sku: str) -> int:
    minor: int = _variant(sku)["price"]
    return minor
