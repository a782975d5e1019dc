"""200 services of five vendors, always the same ones, so that lists are worth paging."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

OF_EACH = 40


@dataclass(frozen=True, slots=True)
class _Range:
    """What one vendor offers: every quality of every thing."""

    prefix: str
    category: str
    kind: str
    things: tuple[str, ...]
    qualities: tuple[str, ...]
    price: int  # of the cheapest, in minor units


_RANGES: Mapping[str, _Range] = {
    "Voltworks": _Range(
        "VW",
        "electrical",
        "stock",
        ("Dimmer", "Light switch", "Junction box", "Cable drum", "Fuse set", "LED panel", "Door bell", "Motion sensor"),
        ("basic", "weatherproof", "heavy duty", "smart", "stainless"),
        790,
    ),
    "Brightclean": _Range(
        "BC",
        "cleaning",
        "slot",
        ("Window clean", "Carpet clean", "Kitchen clean", "Graffiti removal", "Stairwell clean"),
        ("small", "medium", "large", "on Saturday", "by night", "with report", "eco", "express"),
        9_500,
    ),
    "Kettlewell": _Range(
        "KW",
        "catering",
        "stock",
        (
            "Breakfast box",
            "Lunch box",
            "Coffee beans",
            "Tea chest",
            "Fruit basket",
            "Cake tray",
            "Soup kit",
            "Snack bar",
        ),
        ("classic", "vegetarian", "vegan", "regional", "deluxe"),
        1_490,
    ),
    "Papyrus": _Range(
        "PA",
        "office",
        "stock",
        ("Copy paper", "Notebook", "Flip chart", "Ring binder", "Envelope box", "Marker set", "Desk pad", "Label roll"),
        ("white", "recycled", "coloured", "lined", "bulk"),
        390,
    ),
    "Ironbridge": _Range(
        "IB",
        "tools",
        "stock",
        ("Cordless drill", "Angle grinder", "Tool trolley", "Torque wrench", "Work bench"),
        ("compact", "standard", "professional", "with case", "refurbished", "12 V", "18 V", "set of two"),
        5_900,
    ),
}


def services() -> Iterator[dict[str, Any]]:
    """In the form of `catalog.yaml`."""
    for vendor, offered in _RANGES.items():
        combined = list(product(offered.things, offered.qualities))[:OF_EACH]
        for number, (thing, quality) in enumerate(combined, start=1):
            yield _service(vendor, offered, number, f"{thing}, {quality}")


def _service(vendor: str, offered: _Range, number: int, title: str) -> dict[str, Any]:
    more = {"stock": 10 + number * 37 % 490} if offered.kind == "stock" else {"duration_s": (1 + number % 4) * 3_600}
    variant = {
        "sku": f"{offered.prefix}-{1_000 + number}",
        "title": title,
        "price": offered.price + number * 173 % 40 * 50,
        **more,
    }
    return {
        "vendor": vendor,
        "title": title,
        "category": offered.category,
        "kind": offered.kind,
        "description": f"{title} by {vendor}.",
        "variants": [variant],
    }
