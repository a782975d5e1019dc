"""A fresh thing to sell, made by its vendor through the public API, so that no other journey touches its stock."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from tests.journeys import shopping as shop
from tests.marketplace import Marketplace

VOLT = "manager@voltworks.example"
BRIGHT = "manager@brightclean.example"
SOLD_BY = {VOLT: "VW-CABLE", BRIGHT: "BC-DEEPCLEAN"}  # a SKU of the demo tells whose vendor it is
VARIANT = """query($sku: String!) { variant(sku: $sku) { id version title price { minor currency }
  service { id version state vendor { id } } stock { version available onHand held } } }"""


@dataclass(frozen=True, slots=True)
class Goods:
    """One published SKU."""

    sku: str
    variant: str
    service: str
    price: int

    def total(self, quantity: int = 1) -> int:
        """With German tax, half up."""
        return self.price * quantity + (self.price * quantity * 1900 + 5000) // 10_000


def variant(market: Marketplace, login: str, sku: str) -> dict[str, Any]:
    found: dict[str, Any] = market.gql(login, VARIANT, {"sku": sku}).data["variant"]
    return found


def goods(
    market: Marketplace, *, stock: int = 10, price: int = 15_000, manager: str = VOLT, published: bool = True
) -> Goods:
    """Drafted, priced, stocked and published; one unit costs more than the service manager's threshold."""
    sku = f"T-{secrets.token_hex(6).upper()}"
    vendor = variant(market, manager, SOLD_BY[manager])["service"]["vendor"]["id"]
    about = {"kind": "STOCK", "title": f"Of a test {sku}", "description": "Made to be bought.", "category": "tests"}
    service = shop.must(market, manager, "serviceCreate", "service { id }", vendorId=vendor, **about)["service"]["id"]
    amount = {"minor": price, "currency": "EUR"}
    made = shop.must(
        market, manager, "variantCreate", "variant { id }", serviceId=service, sku=sku, title=sku, price=amount
    )["variant"]["id"]
    if stock:
        adjust(market, manager, sku, stock)
    if published:
        version = variant(market, manager, sku)["service"]["version"]
        shop.must(market, manager, "servicePublish", "service { state }", serviceId=service, expectedVersion=version)
    return Goods(sku, made, service, price)


def adjust(market: Marketplace, manager: str, sku: str, delta: int) -> None:
    """Deliver or lose some units."""
    found = variant(market, manager, sku)
    version = found["stock"]["version"]
    given = {"variantId": found["id"], "delta": delta, "reason": "Counted.", "expectedVersion": version}
    shop.must(market, manager, "stockAdjust", "variant { id }", **given)


def reprice(market: Marketplace, manager: str, sku: str, minor: int) -> None:
    found = variant(market, manager, sku)
    amount = {"minor": minor, "currency": found["price"]["currency"]}
    given = {"variantId": found["id"], "amount": amount, "reason": "Dearer now.", "expectedVersion": found["version"]}
    shop.must(market, manager, "priceChange", "variant { id }", **given)
