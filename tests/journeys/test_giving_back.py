"""What a cancelled or rejected order gives back: stock, the commitment in the ledger, and the buyer's money."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, at_provider, quiet, states_at_provider, until
from tests.journeys.catalog import BRIGHT, VOLT, Goods, goods
from tests.marketplace import Marketplace

UNITS = 5
BALANCES = """select account, sum(amount_minor) as minor from posting
               where cause = (select id from orders where number = $1) group by account"""
VOIDED = """select a.state from "authorization" a join purchase p on p.id = a.purchase where p.number = $1"""
REASON = {"reason": "No longer needed."}


def bought(market: Marketplace, *sold: Goods, quantity: int = 2) -> dict[str, Any]:
    """One purchase of each of these goods; its orders in the order of their numbers."""
    cart = shop.new_cart(market, shop.BUYER)
    for one in sold:
        assert shop.add(market, shop.BUYER, cart, one.sku, quantity)["refusal"] is None
    payload = shop.checkout(market, shop.BUYER, cart, sum(one.total(quantity) for one in sold))
    assert payload["refusal"] is None, payload
    purchase: dict[str, Any] = payload["purchase"]
    return purchase


def balances(owner: Owner, number: str) -> dict[str, int]:
    """What each account has of one order."""
    return {row["account"]: int(row["minor"]) for row in owner.rows(BALANCES, number)}


def ended(market: Marketplace, login: str, mutation: str, order: str, version: int) -> None:
    payload = shop.act(market, login, mutation, order, version, **REASON)
    assert payload["refusal"] is None, payload
    assert payload["order"]["version"] == version + 1


@pytest.mark.parametrize(
    ("login", "mutation", "approved"),
    [
        (shop.BUYER, "orderCancel", False),
        (shop.BUYER, "orderCancel", True),
        (shop.SERVICE, "orderCancel", False),
        (shop.SERVICE2, "orderCancel", True),
        (shop.SERVICE, "orderReject", False),
    ],
)
def test_everything_comes_back(market: Marketplace, owner: Owner, login: str, mutation: str, approved: bool) -> None:
    """Stock at once, the commitment at once, the authorization as soon as the provider let go of it."""
    sold = goods(market, stock=UNITS)
    purchase = bought(market, sold)
    (order,) = purchase["orders"]
    assert owner.stock(sold.sku) == (UNITS - 2, 0)
    assert balances(owner, order["number"]) == {"memo:committed": sold.total(2), "memo:expected": -sold.total(2)}
    version = 1
    if approved:
        version = shop.approve(market, shop.SERVICE, order["id"], version)["order"]["version"]
    ended(market, login, mutation, order["id"], version)
    assert owner.stock(sold.sku) == (UNITS, 0)
    assert set(balances(owner, order["number"]).values()) == {0}
    until(partial(states_at_provider, market, purchase["number"]), good=lambda states: states == ["voided"])
    until(partial(owner.value, VOIDED, purchase["number"]), good=lambda state: state == "voided")
    late = shop.approve(market, shop.SERVICE, order["id"], version + 1)
    assert late["refusal"]["code"] == "ILLEGAL_TRANSITION"


def test_one_of_two_vendors_is_cancelled(market: Marketplace, owner: Owner) -> None:
    """Its stock comes back; the authorization stays for the other order, which captures its own part."""
    sold = [goods(market, stock=UNITS), goods(market, stock=UNITS, manager=BRIGHT, price=20_000)]
    purchase = bought(market, *sold)
    assert states_at_provider(market, purchase["number"]) == ["authorized"]
    totals = {sold[0].total(2): sold[0], sold[1].total(2): sold[1]}
    by_sku = {totals[order["totals"]["total"]["minor"]].sku: order for order in purchase["orders"]}
    kept, gone = by_sku[sold[0].sku], by_sku[sold[1].sku]
    ended(market, shop.BUYER, "orderCancel", gone["id"], 1)
    assert [owner.stock(one.sku) for one in sold] == [(UNITS - 2, 0), (UNITS, 0)]
    version = shop.approve(market, shop.SERVICE, kept["id"], 1)["order"]["version"]
    assert shop.dispatch(market, shop.OTHER_AGENT, kept["id"], version)["refusal"]["code"] == "NOT_FOUND"
    sent = shop.dispatch(market, shop.AGENT, kept["id"], version)
    assert sent["refusal"] is None, sent
    (entry,) = at_provider(market, purchase["number"])
    assert [movement["amount"] for movement in entry["captures"]] == [sold[0].total(2)]
    assert balances(owner, gone["number"]) == {"memo:committed": 0, "memo:expected": 0}
    assert sum(balances(owner, kept["number"]).values()) == 0


def test_the_last_of_two_vendors_releases_the_money(market: Marketplace, owner: Owner) -> None:
    """The authorization is shared: the first cancellation leaves it, the last one voids it."""
    sold = [goods(market, stock=UNITS), goods(market, stock=UNITS, manager=BRIGHT)]
    purchase = bought(market, *sold)
    first, last = purchase["orders"]
    ended(market, shop.BUYER, "orderCancel", first["id"], 1)
    released = "select count(*) from saga where kind = 'release' and state = 'finished' and data->>'order' = $1"
    about = owner.value("select id::text from orders where number = $1", first["number"])
    until(partial(owner.value, released, about), good=lambda count: count == 1)
    assert states_at_provider(market, purchase["number"]) == ["authorized"]
    ended(market, shop.SERVICE, "orderReject", last["id"], 1)
    until(partial(states_at_provider, market, purchase["number"]), good=lambda states: states == ["voided"])
    assert [owner.stock(one.sku) for one in sold] == [(UNITS, 0)] * 2


def test_each_vendor_captures_its_part(market: Marketplace, owner: Owner) -> None:
    """One authorization, two captures, in full together."""
    sold = [goods(market, stock=UNITS), goods(market, stock=UNITS, manager=BRIGHT, price=20_000)]
    purchase = bought(market, *sold)
    agents = {sold[0].total(2): shop.AGENT, sold[1].total(2): shop.OTHER_AGENT}
    for order in purchase["orders"]:
        version = shop.approve(market, shop.SERVICE, order["id"], 1)["order"]["version"]
        sent = shop.dispatch(market, agents[order["totals"]["total"]["minor"]], order["id"], version)
        assert sent["refusal"] is None, sent
    (entry,) = at_provider(market, purchase["number"])
    assert (entry["state"], sum(movement["amount"] for movement in entry["captures"])) == ("captured", entry["amount"])
    assert sorted(movement["amount"] for movement in entry["captures"]) == sorted(agents)


def test_what_is_left_after_a_capture_is_not_voided(market: Marketplace, owner: Owner) -> None:
    """One order is dispatched, then the other one cancelled: what was captured stays, nothing more is taken."""
    sold = [goods(market, stock=UNITS), goods(market, stock=UNITS, manager=BRIGHT, price=20_000)]
    purchase = bought(market, *sold)
    by_total = {order["totals"]["total"]["minor"]: order for order in purchase["orders"]}
    sent, gone = by_total[sold[0].total(2)], by_total[sold[1].total(2)]
    version = shop.approve(market, shop.SERVICE, sent["id"], 1)["order"]["version"]
    assert shop.dispatch(market, shop.AGENT, sent["id"], version)["refusal"] is None
    ended(market, shop.BUYER, "orderCancel", gone["id"], 1)
    quiet(owner)
    (entry,) = at_provider(market, purchase["number"])
    assert [movement["amount"] for movement in entry["captures"]] == [sold[0].total(2)]
    assert owner.stock(sold[1].sku) == (UNITS, 0)
    assert set(balances(owner, gone["number"]).values()) == {0}


def test_all_vendors_or_none(market: Marketplace, owner: Owner) -> None:
    """One line short: nothing of the other vendor is held either, and nobody is charged."""
    plenty, short = goods(market, stock=UNITS), goods(market, stock=1, manager=BRIGHT)
    cart = shop.new_cart(market, shop.BUYER)
    for one in (plenty, short):
        shop.add(market, shop.BUYER, cart, one.sku, 2)
    before = len(market.charges())
    answer = shop.checkout(market, shop.BUYER, cart, plenty.total(2) + short.total(2))
    assert answer["refusal"]["code"] == "OUT_OF_STOCK"
    assert [line["sku"] for line in answer["refusal"]["lines"]] == [short.sku]
    assert (owner.stock(plenty.sku), owner.stock(short.sku)) == ((UNITS, 0), (1, 0))
    assert len(market.charges()) == before


def test_a_dispatched_order_is_not_cancelled(market: Marketplace, owner: Owner) -> None:
    """What was captured is not given back by cancelling."""
    sold = goods(market, stock=UNITS)
    purchase = bought(market, sold)
    (order,) = purchase["orders"]
    version = shop.approve(market, shop.SERVICE, order["id"], 1)["order"]["version"]
    sent = shop.dispatch(market, shop.AGENT, order["id"], version)
    late = shop.act(market, shop.BUYER, "orderCancel", order["id"], sent["order"]["version"], **REASON)
    assert late["refusal"]["code"] == "ILLEGAL_TRANSITION"
    assert owner.stock(sold.sku) == (UNITS - 2, 0)
    assert states_at_provider(market, purchase["number"]) == ["captured"]
    found = balances(owner, order["number"])
    assert (found["memo:committed"], found["memo:expected"]) == (0, 0)
    assert found["provider:clearing"] == sold.total(2)


@pytest.mark.parametrize("manager", [VOLT, BRIGHT])
def test_a_vendor_cannot_cancel_for_the_buyer(market: Marketplace, manager: str) -> None:
    """Neither the vendor nor a stranger ends an order."""
    (order,) = bought(market, goods(market, stock=UNITS))["orders"]
    refusal = shop.act(market, manager, "orderCancel", order["id"], 1, **REASON)["refusal"]
    assert refusal["code"] == ("DENIED" if manager == VOLT else "NOT_FOUND")
