"""Catalog rows as effects: services on sale with their variants, first prices and stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cli.seed_data import CURRENCY, generated, load, seeded
from domain.effects import Advance, Effect, Put
from domain.inventory.stock import stock_created
from domain.machines import ACTIONS
from domain.plan import create


def services() -> Iterator[Mapping[str, Any]]:
    """Named and generated ones, in the form of `catalog.yaml`."""
    yield from load("catalog")
    yield from generated.services()


def service(one: Mapping[str, Any]) -> Iterator[Effect]:
    """Created as a draft, given its variants, published."""
    home = seeded("organization", one["vendor"])
    id = seeded("service", f"{one['vendor']}:{one['title']}")
    row = {
        "vendor": seeded("vendor", one["vendor"]),
        "kind": one["kind"],
        "title": one["title"],
        "description": one["description"],
        "category": one["category"],
        "options": [],
    }
    yield create("service.create", home, id, row, payload={"kind": one["kind"]})
    yield from variants(one)
    publish = ACTIONS["service.publish"]
    yield Advance("service", home, id, 1, "draft", "published", publish.name, publish.event)


def variants(one: Mapping[str, Any]) -> Iterator[Effect]:
    """The variants alone, of a service that is there."""
    for variant in one["variants"]:
        yield from _variant(one, variant)


def _variant(one: Mapping[str, Any], variant: Mapping[str, Any]) -> Iterator[Effect]:
    home, sku = seeded("organization", one["vendor"]), variant["sku"]
    id, currency = seeded("variant", sku), variant.get("currency", CURRENCY)
    row = {
        "service": seeded("service", f"{one['vendor']}:{one['title']}"),
        "sku": sku,
        "title": variant["title"],
        "currency": currency,
        "duration_s": variant.get("duration_s"),
    }
    yield create("variant.create", home, id, row, payload={"sku": sku})
    price = {"variant": id, "amount_minor": variant["price"], "currency": currency, "changed_by": None}
    yield Put("price", home, seeded("price", sku), price)
    if one["kind"] == "stock":
        yield from stock_created(home, seeded("stock", sku), id, variant["stock"])
