"""Two at once for one order: exactly one wins, and the loser is told what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.counts import DUELS
from tests.journeys import shopping as shop
from tests.journeys.books import states_at_provider
from tests.journeys.catalog import VOLT, adjust
from tests.journeys.crowd import at_once
from tests.marketplace import Marketplace

SKU, UNITS = "VW-SOCKET", 7  # together they cost more than the service manager's threshold
LOSES = {"CONFLICT", "ILLEGAL_TRANSITION"}
JOURNAL = """query($id: ID!) { journal(filter: {subjectIds: [$id]}, first: 50) { edges { node {
  event version newState } } } }"""
Call = Callable[[Marketplace, shop.Placed], dict[str, Any]]


def deliver(market: Marketplace) -> None:
    """As many units as the duels may sell, however many they are."""
    adjust(market, VOLT, SKU, DUELS * UNITS)


def history(market: Marketplace, order: str) -> list[str]:
    """The events of an order, oldest first; its versions have no gap."""
    edges = market.gql(shop.AUDITOR, JOURNAL, {"id": order}).data["journal"]["edges"]
    entries = sorted((edge["node"] for edge in edges), key=lambda entry: int(entry["version"]))
    assert [entry["version"] for entry in entries] == list(range(1, len(entries) + 1))
    return [entry["event"] for entry in entries]


def approval(login: str) -> Call:
    return lambda market, placed: shop.approve(market, login, placed.order, placed.version)


def ending(login: str, mutation: str) -> Call:
    return lambda market, placed: shop.act(
        market, login, mutation, placed.order, placed.version, reason="No longer needed."
    )


DUEL = {
    "two approvers": (approval(shop.SERVICE), approval(shop.SERVICE2), ("order.approved", "order.approved")),
    "approve or cancel": (
        approval(shop.SERVICE),
        ending(shop.BUYER, "orderCancel"),
        ("order.approved", "order.cancelled"),
    ),
    "approve or reject": (
        approval(shop.SERVICE),
        ending(shop.SERVICE2, "orderReject"),
        ("order.approved", "order.rejected"),
    ),
    "cancel or reject": (
        ending(shop.BUYER, "orderCancel"),
        ending(shop.SERVICE, "orderReject"),
        ("order.cancelled", "order.rejected"),
    ),
}


@pytest.mark.parametrize("duel", DUEL)
def test_exactly_one_of_two_wins(market: Marketplace, duel: str) -> None:
    """One answer without a refusal, one that names what happened; one event more in the order's history."""
    first, second, events = DUEL[duel]
    deliver(market)
    for _ in range(DUELS):
        placed = shop.place(market, sku=SKU, quantity=UNITS)
        answers = at_once([partial(first, market, placed), partial(second, market, placed)])
        won = [number for number, answer in enumerate(answers) if answer["refusal"] is None]
        assert len(won) == 1, answers
        lost = answers[1 - won[0]]["refusal"]
        assert lost["code"] in LOSES, lost
        assert history(market, placed.order) == ["order.placed", events[won[0]]]


def test_dispatch_or_cancel(market: Marketplace) -> None:
    """Whatever wins, the buyer is charged exactly when the order is dispatched."""
    deliver(market)
    for _ in range(DUELS):
        placed = shop.place(market, sku=SKU, quantity=UNITS)
        version = shop.approve(market, shop.SERVICE, placed.order, placed.version)["order"]["version"]
        first = partial(shop.dispatch, market, shop.AGENT, placed.order, version)
        second = partial(shop.act, market, shop.BUYER, "orderCancel", placed.order, version, reason="Too late?")
        sent, cancelled = at_once([first, second])
        won = [answer for answer in (sent, cancelled) if answer["refusal"] is None]
        assert len(won) == 1, (sent, cancelled)
        seen = shop.seen(market, shop.BUYER, placed.order)
        assert seen is not None
        assert seen["state"] == ("DISPATCHED" if sent["refusal"] is None else "CANCELLED")
        lost = (sent if won[0] is cancelled else cancelled)["refusal"]
        assert lost["code"] in {*LOSES, "IN_PROGRESS"}, lost


def test_two_agents_dispatch_at_once(market: Marketplace) -> None:
    """With a key each: the money is captured once, whoever was later is told so."""
    placed = shop.place(market)
    version = shop.approve(market, shop.SERVICE, placed.order, placed.version)["order"]["version"]
    answers = at_once([partial(shop.dispatch, market, shop.AGENT, placed.order, version)] * 4)
    assert len([answer for answer in answers if answer["refusal"] is None]) == 1, answers
    lost = {answer["refusal"]["code"] for answer in answers if answer["refusal"]}
    assert lost <= {*LOSES, "IN_PROGRESS"}, answers
    assert states_at_provider(market, placed.number.rpartition("-")[0]) == ["captured"]


def test_eight_plus_one_make_nine(market: Marketplace) -> None:
    """Additions to one line at the same instant all count."""
    cart = shop.new_cart(market, shop.BUYER)
    shop.add(market, shop.BUYER, cart, "VW-SOCKET")
    answers = at_once([partial(shop.add, market, shop.BUYER, cart, "VW-SOCKET")] * 8)
    assert [answer["refusal"] for answer in answers] == [None] * 8
    found = shop.add(market, shop.BUYER, cart, "VW-CABLE")["cart"]["lines"]
    assert {line["variant"]["sku"]: line["quantity"] for line in found} == {"VW-SOCKET": 9, "VW-CABLE": 1}


def test_first_lines_at_once_open_one_cart(market: Marketplace) -> None:
    """Whoever has no cart yet gets one, however many lines arrive together."""
    buyer = shop.new_buyer(market)
    skus = ["VW-SOCKET", "VW-CABLE", "VW-SOCKET", "VW-CABLE"]
    answers = at_once([partial(shop.add, market, buyer, None, sku) for sku in skus])
    assert [answer["refusal"] for answer in answers] == [None] * 4, answers
    assert len({answer["cart"]["id"] for answer in answers}) == 1
    found = shop.add(market, buyer, None, "VW-SOCKET")["cart"]["lines"]
    assert {line["variant"]["sku"]: line["quantity"] for line in found} == {"VW-SOCKET": 3, "VW-CABLE": 2}


def test_two_checkouts_of_one_cart(market: Marketplace) -> None:
    """With a key each: one purchase; the other is told that the cart is closed."""
    cart = shop.new_cart(market, shop.BUYER)
    total = shop.add(market, shop.BUYER, cart, "VW-SOCKET", 2)["cart"]["totals"]["total"]["minor"]
    answers = at_once([partial(shop.checkout, market, shop.BUYER, cart, total)] * 4)
    placed = [answer for answer in answers if answer["refusal"] is None]
    assert len(placed) == 1, answers
    assert {answer["refusal"]["code"] for answer in answers if answer["refusal"]} <= LOSES
