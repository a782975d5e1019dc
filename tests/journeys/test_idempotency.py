"""One key, one outcome: whoever repeats a request is told what came of it, and nothing happens twice."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, states_at_provider, until
from tests.journeys.catalog import VOLT, adjust, goods
from tests.journeys.crowd import at_once
from tests.journeys.wreck import charged, checkout, state
from tests.marketplace import Marketplace, new_key

PARALLEL = 8
APPROVE = "mutation($input: OrderApproveInput!) { orderApprove(input: $input) { replayed } }"
CHECKOUT = "mutation($input: CheckoutCompleteInput!) { checkoutComplete(input: $input) { replayed } }"
ADD = "mutation($input: CartLineAddInput!) { cartLineAdd(input: $input) { replayed } }"


def told_once(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """One of them did it, the others were told the same; the one answer."""
    assert [a["refusal"] for a in answers] == [None] * PARALLEL, answers
    assert sorted(a["replayed"] for a in answers) == [False] + [True] * (PARALLEL - 1)
    (same, *different) = {repr({**a, "replayed": None}) for a in answers}
    assert not different, (same, different)
    return answers[0]


def test_a_checkout_repeated_at_once_charges_once(market: Marketplace, owner: Owner) -> None:
    """Eight times the same checkout: one purchase, one charge, eight equal answers."""
    sold, cart, key = goods(market), shop.new_cart(market, shop.BUYER), new_key()
    shop.add(market, shop.BUYER, cart, sold.sku)
    call = partial(shop.checkout, market, shop.BUYER, cart, sold.total(), key=key)
    placed = told_once(at_once([call] * PARALLEL))
    assert placed["purchase"]["state"] == "PLACED"
    assert states_at_provider(market, placed["purchase"]["number"]) == ["authorized"]
    assert owner.stock(sold.sku) == (9, 0)


def test_a_slow_checkout_repeated_at_once_charges_once(market: Marketplace, owner: Owner) -> None:
    """While the provider keeps silent all hear that it is under way; in the end all hear the same outcome."""
    begun = checkout(market, "pm_timeout_after_success")
    answers = at_once([begun.repeat] * PARALLEL)
    for answer in answers:
        refusal = answer["refusal"]
        assert refusal is None or refusal["code"] == "IN_PROGRESS", answer
    until(partial(state, owner, begun), good=lambda found: found == "placed")
    told = at_once([begun.repeat] * PARALLEL)
    assert {(answer["purchase"]["state"], answer["replayed"]) for answer in told} == {("PLACED", True)}
    assert charged(market, owner, begun) == ["authorized"]


def test_an_approval_repeated_at_once_happens_once(market: Marketplace) -> None:
    """Eight times the same approval: the order moves by one version."""
    placed, key = shop.place(market), new_key()
    call = partial(shop.approve, market, shop.SERVICE, placed.order, placed.version, key=key)
    approved = told_once(at_once([call] * PARALLEL))
    assert (approved["order"]["state"], approved["order"]["version"]) == ("APPROVED", placed.version + 1)


def test_a_line_added_repeatedly_at_once_is_added_once(market: Marketplace) -> None:
    """Eight times the same addition: two units, not sixteen."""
    cart = shop.new_cart(market, shop.BUYER)
    given = {"cartId": cart, "sku": "VW-SOCKET", "quantity": 2, "idempotencyKey": new_key()}
    call = partial(shop.mutate, market, shop.BUYER, "cartLineAdd", "line { id quantity } cart { version }", **given)
    assert told_once(at_once([call] * PARALLEL))["line"]["quantity"] == 2


def test_a_dispatch_repeated_at_once_captures_once(market: Marketplace, owner: Owner) -> None:
    """Eight times the same dispatch: one capture, one shipment."""
    placed, key = shop.place(market), new_key()
    approved = shop.approve(market, shop.SERVICE, placed.order, placed.version)["order"]
    call = partial(shop.dispatch, market, shop.AGENT, placed.order, approved["version"], key=key)
    sent = told_once(at_once([call] * PARALLEL))
    assert sent["order"]["state"] == "DISPATCHED"
    number = placed.number.rpartition("-")[0]
    assert states_at_provider(market, number) == ["captured"]
    query = "select count(*) from shipment s join orders o on o.id = s.order_id where o.number = $1"
    assert owner.value(query, placed.number) == 1


def test_a_key_with_other_input_tells_nothing(market: Marketplace) -> None:
    """The same key for another cart, another total or another method is refused, and the first outcome stands."""
    sold, key = goods(market), new_key()
    carts = [shop.new_cart(market, shop.BUYER) for _ in range(2)]
    for cart in carts:
        shop.add(market, shop.BUYER, cart, sold.sku)
    first = shop.checkout(market, shop.BUYER, carts[0], sold.total(), key=key)
    assert first["refusal"] is None
    for other in (
        shop.checkout(market, shop.BUYER, carts[1], sold.total(), key=key),
        shop.checkout(market, shop.BUYER, carts[0], sold.total() + 1, key=key),
        shop.checkout(market, shop.BUYER, carts[0], sold.total(), key=key, method="pm_declined"),
    ):
        assert other["refusal"]["code"] == "IDEMPOTENCY_MISMATCH"
        assert other["purchase"] is None
    again = shop.checkout(market, shop.BUYER, carts[0], sold.total(), key=key)
    assert {**again, "replayed": False} == first


def test_a_refusal_that_is_final_is_kept(market: Marketplace) -> None:
    """Who was too late with a key stays too late with it, though the same would go now under a new key."""
    sold, cart, key = goods(market, stock=0), shop.new_cart(market, shop.BUYER), new_key()
    shop.add(market, shop.BUYER, cart, sold.sku)
    late = shop.checkout(market, shop.BUYER, cart, sold.total(), key=key)
    assert late["refusal"]["code"] == "OUT_OF_STOCK"
    assert late["refusal"]["lines"][0]["available"] == 0
    adjust(market, VOLT, sold.sku, 1)
    again = shop.checkout(market, shop.BUYER, cart, sold.total(), key=key)
    assert (again["refusal"]["code"], again["replayed"]) == ("OUT_OF_STOCK", True)
    assert shop.checkout(market, shop.BUYER, cart, sold.total())["refusal"] is None


def test_a_key_belongs_to_one_person(market: Marketplace) -> None:
    """The same key of somebody else is another key: it replays nothing and reveals nothing."""
    mine, theirs, key = shop.place(market), shop.place(market), new_key()
    assert shop.approve(market, shop.SERVICE, mine.order, mine.version, key=key)["refusal"] is None
    other = shop.approve(market, shop.SERVICE2, theirs.order, theirs.version, key=key)
    assert (other["refusal"], other["replayed"]) == (None, False)
    stranger = shop.approve(market, shop.GLOBEX, mine.order, mine.version, key=key)
    assert stranger["refusal"]["code"] == "NOT_FOUND"
    assert (stranger["order"], stranger["replayed"]) == (None, False)


@pytest.mark.parametrize(("login", "document"), [(shop.SERVICE, APPROVE), (shop.BUYER, CHECKOUT), (shop.BUYER, ADD)])
def test_a_key_is_needed(market: Marketplace, login: str, document: str) -> None:
    """Without one the request is refused as a whole; too short a one is a violation that names the field."""
    answer = market.gql(login, document, {"input": {}})
    assert answer.status == 400
    assert answer.body["errors"][0]["extensions"]["code"] == "VALIDATION_FAILED"


@pytest.mark.parametrize("key", ["", "short", "k" * 129, "k" * 20 + "\n", "k" * 20 + "\u202e"])
def test_a_key_has_its_form(market: Marketplace, key: str) -> None:
    """16 to 128 printable characters."""
    given = {"sku": "VW-SOCKET", "quantity": 1, "idempotencyKey": key}
    refusal = shop.mutate(market, shop.BUYER, "cartLineAdd", "cart { id }", **given)["refusal"]
    assert refusal["code"] == "INVALID"
    assert [v["field"] for v in refusal["violations"]] == [["idempotencyKey"]]


def revoke(market: Marketplace, grant: dict[str, Any]) -> None:
    shop.must(market, shop.OPERATOR, "grantRevoke", "grant { id }", grantId=grant["id"], reason="The day is over.")


def test_a_replay_after_the_grant_was_revoked(market: Marketplace) -> None:
    """What was done stays told to whoever did it, while anything new is refused; who left is told nothing."""
    login = f"temp-{new_key()[:8]}@platform.example"
    _, (manages, supports) = shop.new_person(market, login, shop.SERVICE, "SERVICE_MANAGER", "SUPPORT")
    placed, other, key = shop.place(market), shop.place(market), new_key()
    first = shop.approve(market, login, placed.order, placed.version, key=key)
    assert first["refusal"] is None
    revoke(market, manages)
    again = shop.approve(market, login, placed.order, placed.version, key=key)
    assert (again["refusal"], again["replayed"], again["order"]["state"]) == (None, True, "APPROVED")
    assert shop.approve(market, login, other.order, other.version)["refusal"]["code"] == "DENIED"
    revoke(market, supports)
    gone = shop.approve(market, login, placed.order, placed.version, key=key)
    assert [r["code"] for r in gone["refusal"]["reasons"]] == ["session.organization_needed"]
    assert (gone["order"], gone["replayed"]) == (None, False)
