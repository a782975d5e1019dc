"""Makes what a race needs by the public API alone: a fresh SKU with its stock, and buyers with a cart each."""

from __future__ import annotations

import asyncio
import secrets
import string
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Any

from cli.client import Client

OPERATOR = "operator@platform.example"
MANAGER = "manager@voltworks.example"
KNOWN_SKU = "VW-SOCKET"  # of the demo; its vendor sells the fresh one too
PRICE = {"minor": 4900, "currency": "EUR"}
ADDRESS = {
    "address": {
        "recipient": "Goods in",
        "lines": ["Rennbahnstrasse 1"],
        "postalCode": "10115",
        "city": "Berlin",
        "country": "DE",
    }
}
AT_ONCE = 8  # how many of the preparations run at the same time


@dataclass(frozen=True, slots=True)
class Buyer:
    login: str
    cart: str


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody at the start. `code` leads the numbers of all purchases of the race."""

    code: str
    sku: str
    buyers: tuple[Buyer, ...]
    total: dict[str, Any]


async def prepared(client: Client, stock: int, buyers: int) -> Field:
    code = "R" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(7))
    sku = f"RACE-{code}"
    await _sell(client, sku, stock)
    founded = await client.must(OPERATOR, "organizationCreate", "organization { id }", kind="BUYER", name=code)
    organization = founded["organization"]["id"]
    logins = [f"buyer{number}@{code.lower()}.example" for number in range(1, buyers + 1)]
    carts = await _a_few_at_once(_buyer(client, organization, login, sku) for login in logins)
    total = await _total(client, carts[0])
    return Field(code, sku, tuple(carts), total)


async def _sell(client: Client, sku: str, stock: int) -> None:
    """A service of its own with one variant, published, and `stock` units of it."""
    known = await client.ask(
        MANAGER, "query($sku: String!) { variant(sku: $sku) { service { vendor { id } } } }", {"sku": KNOWN_SKU}
    )
    service = (
        await client.must(
            MANAGER,
            "serviceCreate",
            "service { id }",
            vendorId=known["variant"]["service"]["vendor"]["id"],
            kind="STOCK",
            title=f"Race {sku}",
            description="Made to be raced for.",
            category="races",
        )
    )["service"]
    selection = "variant { id stock { version } }"
    made = await client.must(
        MANAGER, "variantCreate", selection, serviceId=service["id"], sku=sku, title=sku, price=PRICE
    )
    variant = made["variant"]
    if stock:
        await client.must(
            MANAGER,
            "stockAdjust",
            selection,
            variantId=variant["id"],
            delta=stock,
            reason="For a race.",
            expectedVersion=variant["stock"]["version"],
        )
    state = await client.ask(
        MANAGER,
        "query($sku: String!) { variant(sku: $sku) { service { id version } } }",
        {"sku": sku},
    )
    version = state["variant"]["service"]["version"]
    await client.must(MANAGER, "servicePublish", "service { id }", serviceId=service["id"], expectedVersion=version)


async def _buyer(client: Client, organization: str, login: str, sku: str) -> Buyer:
    """A new person, invited, made a buyer, signed in, with one unit in a new cart."""
    invited = await client.must(
        OPERATOR, "personInvite", "person { id }", organizationId=organization, email=login, name=login
    )
    await client.must(
        OPERATOR,
        "grantIssue",
        "grant { id }",
        personId=invited["person"]["id"],
        organizationId=organization,
        role="BUYER",
        reason="For a race.",
    )
    added = await client.must(login, "cartLineAdd", "cart { id }", sku=sku, quantity=1)
    return Buyer(login, added["cart"]["id"])


async def _total(client: Client, buyer: Buyer) -> dict[str, Any]:
    """What one unit costs with tax: asked of a checkout that is not carried out and expects the net price."""
    tried = await client.act(
        buyer.login,
        "checkoutComplete",
        "purchase { id } priced: refusal { ... on PriceChanged { actual { minor currency } } }",
        **order(buyer, PRICE),
        dryRun=True,
    )
    actual = (tried["priced"] or {}).get("actual")
    return dict(actual) if actual else PRICE


def order(buyer: Buyer, total: dict[str, Any]) -> dict[str, Any]:
    """The input of a checkout that pays by a card that works."""
    return {
        "cartId": buyer.cart,
        "expectedTotal": total,
        "paymentMethodToken": "pm_ok",
        "shippingAddress": ADDRESS,
    }


async def _a_few_at_once(preparations: Iterable[Awaitable[Buyer]]) -> list[Buyer]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(preparation: Awaitable[Buyer]) -> Buyer:
        async with gate:
            return await preparation

    return list(await asyncio.gather(*(one(preparation) for preparation in preparations)))
