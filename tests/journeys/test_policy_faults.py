"""A policy engine that fails, as clients see it: each fault its own code, no business row, and back by itself."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, quiet, states_at_provider, until
from tests.journeys.catalog import goods
from tests.journeys.spoilt import Spoilt, approve, spoilt
from tests.journeys.wreck import all_up, stopped
from tests.marketplace import Marketplace, new_key
from tests.policy_faults import SILENT, UNCLEAN

LAST = """select d.outcome, d.fault from decision d join orders o on o.id = d.subject
 where o.number = $1 and d.action = 'order.approve' and d.outcome <> 'allowed' order by d.id desc limit 1"""
OF_ORDER = "select count(*) from journal where aggregate = (select id from orders where number = $1)"
SAGA_OF = """select g.state from saga g join purchase p on p.id = g.subject where p.reference = $1"""
# Of one person twenty denials a minute are kept; the faults are shared out.
PEOPLE = (shop.SERVICE, shop.SERVICE2, shop.DOUBLE_SERVICE)
APPROVERS = itertools.cycle(PEOPLE)
PLACING, BY_THE_SYSTEM = b'"name":"purchase.place"', b'"roles":["system"]'


@pytest.fixture(scope="module")
def failing(market: Marketplace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoilt]:
    with spoilt(market, tmp_path_factory.mktemp("spoilt")) as found:
        for login in PEOPLE:  # signing in writes a session, whatever becomes of the request
            shop.organization(market, login)
        yield found


@pytest.fixture(scope="module")
def waiting(market: Marketplace) -> shop.Placed:
    """An order that everybody below tries to approve in vain."""
    return shop.place(market)


def rows(owner: Owner) -> dict[str, int]:
    """Of every table but those that tell of the refusal itself."""
    return {name: count for name, count in owner.counts().items() if name != "denial_count"}


def untouched(owner: Owner, attempt: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The refusal of an attempt that wrote no business row."""
    quiet(owner)
    before = rows(owner)
    payload = attempt()
    assert rows(owner) == before
    refusal: dict[str, Any] = payload["refusal"]
    assert refusal is not None, payload
    return refusal


def test_an_engine_that_is_well_approves(market: Marketplace, failing: Spoilt) -> None:
    """What stands between the second gateway and the engine changes nothing by itself."""
    placed = shop.place(market)
    payload = approve(failing.through, shop.SERVICE, placed.order, placed.version)
    assert (payload["refusal"], payload["order"]["state"]) == (None, "APPROVED")


@pytest.mark.parametrize("fault", UNCLEAN)
def test_no_clean_allow_is_a_denial(owner: Owner, failing: Spoilt, waiting: shop.Placed, fault: str) -> None:
    """DENIED with the reason of its kind; the decision is kept as failed closed, and nothing else is written."""
    login = next(APPROVERS)
    with failing.failing(fault):
        refusal = untouched(owner, lambda: approve(failing.through, login, waiting.order, waiting.version))
    code = f"policy.{UNCLEAN[fault][0]}"
    assert (refusal["code"], refusal["retryable"], refusal["policyRevision"]) == ("DENIED", "NEVER", 1)
    assert [reason["code"] for reason in refusal["reasons"]] == [code]
    assert refusal["message"] == "The policy gave no clean answer, so the answer is no."
    (kept,) = owner.rows(LAST, waiting.number)
    assert tuple(kept) == ("failed_closed", code)


@pytest.mark.parametrize("fault", SILENT)
def test_silence_is_an_outage(owner: Owner, failing: Spoilt, waiting: shop.Placed, fault: str) -> None:
    """UNAVAILABLE, to be tried again, and nothing written but the decision that failed closed."""
    login = next(APPROVERS)
    with failing.failing(fault):
        refusal = untouched(owner, lambda: approve(failing.through, login, waiting.order, waiting.version))
    assert (refusal["code"], refusal["reason"], refusal["retryable"]) == ("UNAVAILABLE", "POLICY", "AFTER_DELAY")
    (kept,) = owner.rows(LAST, waiting.number)
    assert tuple(kept) == ("failed_closed", f"policy.{SILENT[fault]}")


def test_the_same_order_is_approved_afterwards(failing: Spoilt, waiting: shop.Placed) -> None:
    """Nothing of all that is left."""
    payload = approve(failing.through, shop.SERVICE, waiting.order, waiting.version)
    assert (payload["refusal"], payload["order"]["state"]) == (None, "APPROVED")


def test_a_checkout_holds_nothing(market: Marketplace, owner: Owner, failing: Spoilt) -> None:
    """The cart stays open, no unit is held, no money is asked for; afterwards the same cart is checked out."""
    sold = goods(market, stock=2)
    cart = shop.new_cart(market, shop.BUYER)
    shop.add(market, shop.BUYER, cart, sold.sku)
    for fault, code in (("undefined", "DENIED"), ("reset", "UNAVAILABLE")):
        with failing.failing(fault):
            refusal = untouched(owner, lambda: shop.checkout(failing.through, shop.BUYER, cart, sold.total()))
        assert refusal["code"] == code
        assert owner.stock(sold.sku) == (2, 0)
    assert shop.checkout(failing.through, shop.BUYER, cart, sold.total())["refusal"] is None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A checkout whose money is authorized, or a dispatch whose money is captured, and the next question failed."""

    told: dict[str, Any]
    again: Callable[[], dict[str, Any]]
    about: str  # the purchase's own reference, or the order
    sku: str = ""


@pytest.fixture(scope="module")
def undecided(market: Marketplace, failing: Spoilt) -> dict[str, Undecided]:
    """All begun before any is waited for, since each is left alone for a while."""
    placings = {f"placing, {fault}": _placing(market, failing, fault) for fault in ("undefined", "hanging", "reset")}
    dispatches = {f"dispatch, {fault}": _dispatch(market, failing, fault) for fault in ("an empty result", "reset")}
    return placings | dispatches


def _placing(market: Marketplace, failing: Spoilt, fault: str) -> Undecided:
    sold, key, reference = goods(market, stock=2), new_key(), new_key()
    cart = shop.new_cart(market, shop.BUYER)
    shop.add(market, shop.BUYER, cart, sold.sku)

    def send(through: Marketplace) -> dict[str, Any]:
        return shop.checkout(through, shop.BUYER, cart, sold.total(), key=key, reference=reference)

    with failing.failing(fault, PLACING):
        return Undecided(send(failing.through), partial(send, market), reference, sold.sku)


def _dispatch(market: Marketplace, failing: Spoilt, fault: str) -> Undecided:
    placed, key = shop.place(market), new_key()
    version = shop.approve(market, shop.SERVICE, placed.order, placed.version)["order"]["version"]

    def send(through: Marketplace) -> dict[str, Any]:
        return shop.dispatch(through, shop.AGENT, placed.order, version, key=key)

    with failing.failing(fault, BY_THE_SYSTEM):
        return Undecided(send(failing.through), partial(send, market), placed.order)


@pytest.mark.parametrize("fault", ["undefined", "hanging", "reset"])
def test_a_placing_that_is_not_decided_is_placed_later(
    market: Marketplace, owner: Owner, undecided: dict[str, Undecided], fault: str
) -> None:
    """The money is authorized and written down; the worker, whose engine is well, places the purchase."""
    begun = undecided[f"placing, {fault}"]
    assert begun.told["refusal"]["code"] == "IN_PROGRESS", begun.told
    until(lambda: owner.value(SAGA_OF, begun.about), good=lambda state: state == "finished")
    payload = begun.again()
    assert (payload["refusal"], payload["purchase"]["state"]) == (None, "PLACED")
    number = owner.value("select number from purchase where reference = $1", begun.about)
    assert states_at_provider(market, number) == ["authorized"]
    assert owner.stock(begun.sku) == (1, 0)


@pytest.mark.parametrize("fault", ["an empty result", "reset"])
def test_a_dispatch_that_is_not_decided_is_dispatched_later(
    market: Marketplace, undecided: dict[str, Undecided], fault: str
) -> None:
    """The agent's own question was allowed and the money captured; the system's part waits for the engine."""
    begun = undecided[f"dispatch, {fault}"]
    assert begun.told["refusal"]["code"] == "IN_PROGRESS", begun.told
    until(
        lambda: shop.seen(market, shop.AGENT, begun.about),
        good=lambda order: order is not None and order["state"] == "DISPATCHED",
    )
    assert begun.again()["refusal"] is None


def test_what_may_i_do_is_left_out(market: Marketplace, failing: Spoilt) -> None:
    """The page lives on: the order is shown, and an error says why its actions are not."""
    placed = shop.place(market)
    for fault in ("undefined", "reset"):
        with failing.failing(fault):
            body = failing.through.gql(shop.BUYER, shop.ORDER, {"id": placed.order}).body
        assert body["data"]["order"]["number"] == placed.number
        assert body["data"]["order"]["permittedActions"] is None
        assert [error["path"] for error in body["errors"]] == [["order", "permittedActions"]]


def test_it_is_not_ready_meanwhile(failing: Spoilt) -> None:
    """Whoever sends it traffic can see why it should not."""
    with failing.failing("another revision"):
        _, told = until(failing.ready, good=lambda found: found[0] == 503)
        assert "policy.wrong_revision" in told
    assert until(failing.ready, good=lambda found: found[0] == 200)


def approve_all(market: Marketplace, orders: Iterator[shop.Placed], first: threading.Event) -> Counter[str]:
    """What approving one after another comes to; a refused one is tried again until it is approved."""
    found: Counter[str] = Counter()
    for placed in orders:
        refusal: dict[str, Any] | None = {}
        while refusal is not None:
            refusal = approve(market, shop.SERVICE, placed.order, placed.version)["refusal"]
            found["APPROVED" if refusal is None else f"{refusal['code']} {refusal.get('reason')}"] += 1
        first.set()
    return found


def test_killed_under_load(market: Marketplace, owner: Owner) -> None:
    """kill -9 of the real engine: what cannot be asked is an outage; it is back by itself, and all is approved once."""
    placed = [shop.place(market) for _ in range(12)]
    orders, first = iter(placed), threading.Event()
    lock = threading.Lock()

    def shared() -> Iterator[shop.Placed]:
        while True:
            with lock:
                order = next(orders, None)
            if order is None:
                return
            yield order

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(approve_all, market, shared(), first) for _ in range(3)]
        assert first.wait(60)
        killed = market.kill("opa")
        told = sum((one.result() for one in running), Counter[str]())
    assert set(told) == {"APPROVED", "UNAVAILABLE POLICY"}, told
    assert told["APPROVED"] == len(placed)
    assert [owner.value(OF_ORDER, one.number) for one in placed] == [2] * len(placed)
    all_up(market)
    assert market.pid("opa") != killed


def test_paused(market: Marketplace, owner: Owner) -> None:
    """It accepts the question and does not answer: an outage again, over as soon as it goes on."""
    placed, pid = shop.place(market), market.pid("opa")
    quiet(owner)
    with stopped(market, "opa"):
        refusal = untouched(owner, lambda: approve(market, shop.SERVICE2, placed.order, placed.version))
        assert (refusal["code"], refusal["reason"]) == ("UNAVAILABLE", "POLICY")
        (kept,) = owner.rows(LAST, placed.number)
        assert tuple(kept) == ("failed_closed", "policy.timeout")
    until(lambda: approve(market, shop.SERVICE2, placed.order, placed.version)["refusal"], good=lambda no: no is None)
    assert market.pid("opa") == pid
