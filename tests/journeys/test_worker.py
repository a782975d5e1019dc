"""What happens by itself: small orders are approved by rule, carts that nobody touches are given up, sagas end."""

from __future__ import annotations

import signal
from functools import partial

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, until
from tests.journeys.catalog import goods
from tests.journeys.crowd import at_once
from tests.marketplace import Marketplace

CART = "query($id: ID!) { node(id: $id) { ... on Cart { state version } } }"
JOURNAL = """query($id: ID!) { journal(filter: {subjectIds: [$id]}, first: 50) { edges { node {
  event triggeredByRole payload actor { isSystem onBehalfOf { id } } decision { outcome decider } } } } }"""
DUE = """update timer set due_at = clock_timestamp() where action = 'cart.expire' and aggregate =
  (select cart from cart_line where sku = $1)"""
TIMERS = "select count(*) from timer where aggregate = (select cart from cart_line where sku = $1)"


def test_below_the_threshold_the_system_approves(market: Marketplace) -> None:
    """99.99 with tax is approved in the transaction that places it, by a rule the journal names; 100.00 waits."""
    below, above = goods(market, price=8402), goods(market, price=8403)
    assert (below.total(), above.total()) == (9998, 10_000)
    small, large = (shop.place(market, sku=sold.sku, quantity=1) for sold in (below, above))
    assert (small.state, small.version) == ("APPROVED", 2)
    assert (large.state, large.version) == ("PLACED", 1)
    edges = market.gql(shop.AUDITOR, JOURNAL, {"id": small.order}).data["journal"]["edges"]
    found = {edge["node"]["event"]: edge["node"] for edge in edges}
    by = found["order.auto_approved"]
    assert by["payload"]["rule"]
    assert (by["triggeredByRole"], by["actor"]["isSystem"]) == ("SYSTEM", True)
    assert by["actor"]["onBehalfOf"] is not None
    assert (by["decision"]["outcome"], by["decision"]["decider"]) == ("ALLOWED", "POLICY")
    assert shop.dispatch(market, shop.AGENT, small.order, small.version)["refusal"] is None


def test_a_cart_that_nobody_touches_is_given_up(market: Marketplace, owner: Owner) -> None:
    """When its time has come by the database clock; the buyer sees it abandoned, and opens another one."""
    sold, cart = goods(market), shop.new_cart(market, shop.BUYER)
    shop.add(market, shop.BUYER, cart, sold.sku)
    assert owner.value(TIMERS, sold.sku) == 1
    owner.value(DUE, sold.sku)

    def state() -> str:
        found: str = market.gql(shop.BUYER, CART, {"id": cart}).data["node"]["state"]
        return found

    until(state, good=lambda found: found == "ABANDONED")
    assert owner.value(TIMERS, sold.sku) == 0
    late = shop.add(market, shop.BUYER, cart, sold.sku)
    assert late["refusal"]["code"] == "ILLEGAL_TRANSITION"


def test_a_bought_cart_has_no_timer(market: Marketplace, owner: Owner) -> None:
    """Checking out forgets it; a cart that opens again because its payment failed has one again."""
    sold, cart = goods(market), shop.new_cart(market, shop.BUYER)
    shop.add(market, shop.BUYER, cart, sold.sku)
    assert shop.checkout(market, shop.BUYER, cart, sold.total(), method="pm_declined")["refusal"]
    assert owner.value(TIMERS, sold.sku) == 1
    assert shop.checkout(market, shop.BUYER, cart, sold.total())["refusal"] is None
    assert owner.value(TIMERS, sold.sku) == 0


def test_many_releases_at_once(market: Marketplace, owner: Owner) -> None:
    """More sagas than the worker drives at a time all end; each authorization is voided once."""
    sold = goods(market, stock=12)
    placed = [shop.place(market, sku=sold.sku, quantity=1) for _ in range(12)]
    cancels = [
        partial(shop.act, market, shop.BUYER, "orderCancel", order.order, order.version, reason="All of them.")
        for order in placed
    ]
    assert [answer["refusal"] for answer in at_once(cancels)] == [None] * len(placed)
    query = """select count(*) from "authorization" a join purchase p on p.id = a.purchase
                where a.state = 'voided' and p.number = any($1)"""
    numbers = [order.number.rpartition("-")[0] for order in placed]
    until(lambda: owner.value(query, numbers), good=lambda voided: voided == len(placed))
    assert owner.stock(sold.sku) == (12, 0)
    there = [charge["state"] for charge in market.charges() if charge["reference"] in numbers]
    assert there == ["voided"] * len(placed)


def test_a_worker_told_to_end_leaves_nothing_half_done(market: Marketplace, owner: Owner) -> None:
    """It writes down what it is doing and ends; the next one goes on."""
    sold = goods(market)
    placed = shop.place(market, sku=sold.sku, quantity=1)
    before = market.kill("worker", signal.SIGTERM)
    assert shop.act(market, shop.BUYER, "orderCancel", placed.order, 1, reason="Bad timing.")["refusal"] is None
    query = """select a.state from "authorization" a join purchase p on p.id = a.purchase where p.number = $1"""
    number = placed.number.rpartition("-")[0]
    until(lambda: owner.value(query, number), good=lambda state: state == "voided")
    assert market.pid("worker") != before
