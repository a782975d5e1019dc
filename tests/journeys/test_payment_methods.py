"""Each way a payment can go wrong at checkout: everything comes back, or the provider's books settle it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from functools import partial
from typing import Any

import pytest

from adapters.payments.settings import DEVELOPMENT_KEY
from tests.journeys import shopping as shop
from tests.journeys.books import Owner, until
from tests.journeys.crowd import at_once
from tests.journeys.wreck import UNITS, Begun, charged, checkout, state
from tests.marketplace import Marketplace

CART = """query($id: ID!) { node(id: $id) { ... on Cart { state version lines { id quantity }
  totals { total { minor } } } } }"""
PURCHASES = """query { purchases(first: 50) { edges { node { reference number state failure { code message
  ... on PaymentDeclined { declineCode } } steps { name state attempts } } } } }"""
SAYS = 'select decline_code, state from "authorization" where purchase = (select id from purchase where reference = $1)'
METHODS = ("pm_declined", "pm_insufficient", "pm_timeout_after_success", "pm_timeout_before")


@pytest.fixture(scope="module")
def tried(market: Marketplace) -> dict[str, tuple[Begun, dict[str, Any]]]:
    """One checkout by each method, all at the same time, and what it was answered at first."""
    begun = {method: checkout(market, method) for method in METHODS}
    answers = at_once([one.repeat for one in begun.values()])
    return {method: (one, answer) for (method, one), answer in zip(begun.items(), answers, strict=True)}


def given_back(market: Marketplace, owner: Owner, begun: Begun) -> None:
    """Nothing is held, nothing charged, the cart is open with its line, and buys when paid by a good card."""
    assert state(owner, begun) == "failed"
    assert owner.stock(begun.goods.sku) == (UNITS, 0)
    assert not {"authorized", "captured"} & set(charged(market, owner, begun))
    cart = market.gql(shop.BUYER, CART, {"id": begun.cart}).data["node"]
    assert (cart["state"], [line["quantity"] for line in cart["lines"]]) == ("OPEN", [1])
    again = shop.checkout(market, shop.BUYER, begun.cart, cart["totals"]["total"]["minor"])
    assert again["refusal"] is None, again
    assert again["purchase"]["state"] == "PLACED"
    assert owner.stock(begun.goods.sku) == (UNITS - 1, 0)


@pytest.mark.parametrize(
    ("method", "code"), [("pm_declined", "card_declined"), ("pm_insufficient", "insufficient_funds")]
)
def test_a_declined_card(
    market: Marketplace, owner: Owner, tried: dict[str, tuple[Begun, dict[str, Any]]], method: str, code: str
) -> None:
    """The buyer is told why at once, and may try again with the same cart."""
    begun, answer = tried[method]
    refusal = answer["refusal"]
    assert (refusal["code"], refusal["declineCode"], refusal["retryable"]) == ("PAYMENT_DECLINED", code, "NEVER")
    assert answer["purchase"]["state"] == "FAILED"
    assert answer["purchase"]["failure"]["code"] == "PAYMENT_DECLINED"
    assert charged(market, owner, begun) == ["declined"]
    again = begun.repeat()
    assert (again["refusal"], again["replayed"]) == (refusal, True)
    given_back(market, owner, begun)


def test_a_lost_yes(market: Marketplace, owner: Owner, tried: dict[str, tuple[Begun, dict[str, Any]]]) -> None:
    """The provider said yes and nobody heard it: the purchase waits, then its books place it; charged once."""
    begun, answer = tried["pm_timeout_after_success"]
    assert (answer["refusal"], answer["purchase"]["state"]) == (None, "AWAITING_PROVIDER")
    assert answer["purchase"]["orders"] == []
    until(partial(state, owner, begun), good=lambda found: found == "placed")
    assert charged(market, owner, begun) == ["authorized"]
    assert owner.stock(begun.goods.sku) == (UNITS - 1, 0)
    told = begun.repeat()
    assert (told["refusal"], told["replayed"], told["purchase"]["state"]) == (None, True, "PLACED")
    (order,) = told["purchase"]["orders"]
    assert shop.approve(market, shop.SERVICE, order["id"], 1)["refusal"] is None
    events = "select array_agg(action order by version) from journal where noun = 'authorization' and aggregate in "
    ours = '(select id from "authorization" where purchase = (select id from purchase where reference = $1))'
    assert owner.value(events + ours, begun.reference) == [
        "authorization.initiate",
        "authorization.mark_unknown",
        "authorization.auto_reconcile",
    ]


def late_call(market: Marketplace, owner: Owner, begun: Begun) -> str:
    """The question that got lost arrives after all, when everything was given back: what the provider says."""
    key = owner.value(
        'select provider_key from "authorization" where purchase = (select id from purchase where reference = $1)',
        begun.reference,
    )
    content = {"amount": 100, "currency": "EUR", "method": "pm_ok", "reference": begun.reference}
    headers = {"Idempotency-Key": key, "Authorization": f"Bearer {DEVELOPMENT_KEY}"}
    request = urllib.request.Request(f"{market.payments_url}/v1/authorizations", json.dumps(content).encode(), headers)
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request, timeout=30):
        pass
    with refused.value as answer:
        code: str = json.loads(answer.read())["error"]["code"]
    return code


def test_a_lost_question(market: Marketplace, owner: Owner, tried: dict[str, tuple[Begun, dict[str, Any]]]) -> None:
    """The provider never heard of it: after a grace everything is given back, and the same key says so."""
    begun, answer = tried["pm_timeout_before"]
    assert (answer["refusal"], answer["purchase"]["state"]) == (None, "AWAITING_PROVIDER")
    until(partial(state, owner, begun), good=lambda found: found == "failed")
    assert charged(market, owner, begun) == []
    assert late_call(market, owner, begun) == "key_closed"
    told = begun.repeat()
    assert (told["refusal"]["code"], told["replayed"]) == ("PAYMENT_DECLINED", True)
    assert told["refusal"]["declineCode"] == "provider_timeout"
    given_back(market, owner, begun)


def test_no_charge_before_a_hold(market: Marketplace, owner: Owner) -> None:
    """Without stock the provider is not even asked."""
    begun = checkout(market)
    shop_all = shop.new_cart(market, shop.GLOBEX)
    shop.add(market, shop.GLOBEX, shop_all, begun.goods.sku, UNITS)
    assert shop.checkout(market, shop.GLOBEX, shop_all, begun.goods.total(UNITS))["refusal"] is None
    before = len(market.charges())
    answer = begun.repeat()
    assert answer["refusal"]["code"] == "OUT_OF_STOCK"
    line = answer["refusal"]["lines"][0]
    assert (line["sku"], line["requested"], line["available"]) == (begun.goods.sku, 1, 0)
    assert state(owner, begun) is None
    assert len(market.charges()) == before


def test_an_unknown_method(market: Marketplace, owner: Owner) -> None:
    """A token that the provider refuses is a declined payment, not an outage."""
    begun = checkout(market, "pm_nobody_knows_it")
    answer = begun.repeat()
    assert (answer["refusal"]["code"], answer["refusal"]["declineCode"]) == ("PAYMENT_DECLINED", "unknown_method")
    assert state(owner, begun) == "failed"
    given_back(market, owner, begun)
