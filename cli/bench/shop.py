"""Fills the marketplace for the measurement by its public API: stock, carts ready to be paid, orders to approve."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence
from typing import Any

from cli.bench.load import post
from cli.client import Client

BUYER = "buyer@globex.example"
APPROVER = "service@platform.example"
MANAGER = "manager@voltworks.example"
SKUS = ("VW-CABLE", "VW-SOCKET")  # together above the service manager's threshold: the order waits
AT_ONCE = 8

_NODE = """number state version vendor { name } totals { total { minor currency } }
    lines { sku title quantity totals { total { minor currency } } }"""
ORDER = f"query Order($number: String!) {{ order(by: {{number: $number}}) {{ {_NODE} }} }}"
ORDERS = f"query Orders {{ orders(first: 20) {{ edges {{ node {{ {_NODE} }} }} }} }}"
APPROVE = """mutation Approve($input: OrderApproveInput!) {
  orderApprove(input: $input) { order { number state version } refusal { code message } } }"""
CHECKOUT = """mutation Checkout($input: CheckoutCompleteInput!) {
  checkoutComplete(input: $input) { purchase { number state orders { id number version state } }
    refusal { code message } } }"""


async def stock_up(client: Client, units: int) -> None:
    """Enough for every cart of the run."""
    for sku in SKUS:
        found = await client.ask(
            MANAGER, "query($sku: String!) { variant(sku: $sku) { id stock { version } } }", {"sku": sku}
        )
        variant = found["variant"]
        await client.must(
            MANAGER,
            "stockAdjust",
            "variant { id }",
            variantId=variant["id"],
            delta=units,
            reason="For a measurement.",
            expectedVersion=variant["stock"]["version"],
        )


async def carts(client: Client, count: int) -> list[dict[str, Any]]:
    """Inputs of checkouts that will succeed."""
    viewer = await client.ask(BUYER, "{ viewer { actingFor { id } } }")
    organization, gate = viewer["viewer"]["actingFor"]["id"], asyncio.Semaphore(AT_ONCE)

    async def fill() -> dict[str, Any]:
        async with gate:
            made = await client.must(BUYER, "cartCreate", "cart { id }", organizationId=organization, currency="EUR")
            cart = made["cart"]
            for sku in SKUS:
                selection = "cart { id totals { total { minor currency } } }"
                added = await client.must(BUYER, "cartLineAdd", selection, cartId=cart["id"], sku=sku, quantity=1)
                cart = added["cart"]
            return {
                "cartId": cart["id"],
                "expectedTotal": cart["totals"]["total"],
                "paymentMethodToken": "pm_ok",
                "idempotencyKey": secrets.token_hex(16),
            }

    return list(await asyncio.gather(*(fill() for _ in range(count))))


def asked(token: str, document: str, variables: dict[str, Any]) -> bytes:
    """One GraphQL request, whole."""
    return post("/graphql", json.dumps({"query": document, "variables": variables}).encode(), token)


def placed(answers: Sequence[bytes]) -> list[dict[str, Any]]:
    """The orders that checkouts answered with."""
    purchases = (json.loads(answer)["data"]["checkoutComplete"]["purchase"] for answer in answers)
    return [order for purchase in purchases for order in purchase["orders"]]


def approval(token: str, order: dict[str, Any]) -> bytes:
    given = {"orderId": order["id"], "expectedVersion": order["version"], "idempotencyKey": secrets.token_hex(16)}
    return asked(token, APPROVE, {"input": given})
