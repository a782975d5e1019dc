"""A policy that says no in the middle of a saga: money and stock come back, and whoever asked is told the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, states_at_provider
from tests.journeys.spoilt import Spoilt, spoilt
from tests.journeys.wreck import UNITS, charged, checkout, number, state
from tests.marketplace import Marketplace, new_key
from tests.policy_faults import said

PLACING, BY_THE_SYSTEM = b'"name":"purchase.place"', b'"roles":["system"]'
SAGA = """select array_agg(j.action order by j.version) from journal j
           where j.aggregate = (select g.id from saga g where g.subject = $1)"""
REASON = {"code": "tests.closed_today", "check": "role", "rule": "policies.tests", "message": "Closed today."}
NO = {"allow": False, "role": None, "failed": ["role"], "obligations": []}


def denied(body: dict[str, Any]) -> bytes:
    """The real answer turned into a clean no of one rule."""
    reasons = [{**REASON, "remedy": "Come back tomorrow.", "controls": []}]
    return said(json.dumps({**body, "result": {**body["result"], **NO, "reasons": reasons}}).encode())


@pytest.fixture(scope="module")
def strict(market: Marketplace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoilt]:
    with spoilt(market, tmp_path_factory.mktemp("strict")) as found:
        yield found


def test_a_placing_that_is_denied(market: Marketplace, owner: Owner, strict: Spoilt) -> None:
    """Authorized and then denied: voided, released, the cart open; the key keeps the denial."""
    begun, key = checkout(market), new_key()
    given = {"key": key, "reference": begun.reference}
    with strict.failing(denied, PLACING):
        told = shop.checkout(strict.through, shop.BUYER, begun.cart, begun.goods.total(), **given)
    assert told["refusal"]["code"] == "DENIED", told
    assert [reason["code"] for reason in told["refusal"]["reasons"]] == ["tests.closed_today"]
    assert told["purchase"]["state"] == "FAILED"
    assert state(owner, begun) == "failed"
    assert charged(market, owner, begun) == ["voided"]
    assert owner.stock(begun.goods.sku) == (UNITS, 0)
    purchase = owner.value("select id from purchase where reference = $1", begun.reference)
    assert "saga.deny_step" in owner.value(SAGA, purchase)
    again = shop.checkout(market, shop.BUYER, begun.cart, begun.goods.total(), **given)
    assert (again["refusal"], again["replayed"]) == (told["refusal"], True)
    placed = shop.checkout(market, shop.BUYER, begun.cart, begun.goods.total())
    assert placed["refusal"] is None, placed


def test_a_dispatch_that_is_denied_after_the_capture(market: Marketplace, owner: Owner, strict: Spoilt) -> None:
    """The money was captured, the shipping denied: the order stays approved, and is shipped without a new capture."""
    begun = checkout(market)
    (order,) = begun.repeat()["purchase"]["orders"]
    version = shop.approve(market, shop.SERVICE, order["id"], 1)["order"]["version"]
    with strict.failing(denied, BY_THE_SYSTEM):
        told = shop.dispatch(strict.through, shop.AGENT, order["id"], version)
    assert told["refusal"]["code"] == "DENIED", told
    found = shop.seen(market, shop.AGENT, order["id"])
    assert found is not None
    assert found["state"] == "APPROVED"
    assert charged(market, owner, begun) == ["captured"]
    paid = shop.act(market, shop.BUYER, "orderCancel", order["id"], found["version"], reason="Paid already?")
    assert paid["refusal"]["code"] == "IN_PROGRESS"
    sent = shop.dispatch(market, shop.AGENT, order["id"], found["version"])
    assert (sent["refusal"], sent["order"]["state"]) == (None, "DISPATCHED")
    assert states_at_provider(market, number(owner, begun)) == ["captured"]
    assert (
        owner.value(
            "select count(*) from capture where order_id = (select id from orders where number = $1)", order["number"]
        )
        == 1
    )
