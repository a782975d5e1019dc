"""kill -9 between the transactions of a checkout and of a dispatch: another process finishes, or gives all back."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, at_provider, states_at_provider, until
from tests.journeys.wreck import (
    UNITS,
    Begun,
    all_up,
    capture,
    charged,
    checkout,
    dispatch,
    number,
    sent_in_vain,
    state,
    stopped,
    unread,
    wrecked,
)
from tests.marketplace import Marketplace

SAGA = """select g.state, l.fence
  from saga g join purchase p on p.id = g.subject join lease l on l.name = 'saga:' || g.id
 where p.reference = $1"""
CART = "select state from cart where id = (select cart from purchase where reference = $1)"
RELEASE = """select a.state, coalesce(max(l.fence), 0) as fence
  from purchase p join "authorization" a on a.organization = p.organization and a.purchase = p.id
  left join saga g on g.organization = a.organization and g.subject = a.id and g.kind = 'release'
  left join lease l on l.name = 'saga:' || g.id
 where p.reference = $1 group by a.state"""
PLACED = [
    "authorized, the answer lost",
    "authorized, not placed",
    "authorized, the placing on its way",
    "held, the provider not called",
]
DISPATCHED = ["captured, not written", "capture meant, the provider not called"]


@pytest.fixture(scope="module")
def wreck(market: Marketplace, owner: Owner) -> dict[str, Begun]:
    """What a killed gateway left behind, by how far each had come."""
    return wrecked(market, owner)


def test_whoever_asks_again_is_told_the_outcome(market: Marketplace, owner: Owner, wreck: dict[str, Begun]) -> None:
    """The same key first hears that it is under way, then what came of it; nobody else needs to do anything."""
    begun = wreck["held, and repeated at once"]

    def settled(payload: dict[str, object]) -> bool:
        refusal = payload["refusal"]
        assert refusal is None or (isinstance(refusal, dict) and refusal["code"] == "IN_PROGRESS"), payload
        return refusal is None

    told = until(begun.repeat, good=settled)
    assert told["purchase"]["state"] == "PLACED"
    assert charged(market, owner, begun) == ["authorized"]


@pytest.mark.parametrize("point", PLACED)
def test_another_process_places(market: Marketplace, owner: Owner, wreck: dict[str, Begun], point: str) -> None:
    """Placed and charged once, one unit sold, and the key answers so, as often as it is asked."""
    begun = wreck[point]
    until(lambda: state(owner, begun), good=lambda found: found == "placed")
    assert charged(market, owner, begun) == ["authorized"]
    assert owner.stock(begun.goods.sku) == (UNITS - 1, 0)
    told = [begun.repeat() for _ in range(2)]
    assert told[0] == told[1]
    assert (told[0]["refusal"], told[0]["replayed"], told[0]["purchase"]["state"]) == (None, True, "PLACED")


def test_another_process_gives_back(market: Marketplace, owner: Owner, wreck: dict[str, Begun]) -> None:
    """A card that is declined only after the crash: nothing is held, the cart is open, the key says why."""
    begun = wreck["held, to be declined"]
    until(lambda: state(owner, begun), good=lambda found: found == "failed")
    assert charged(market, owner, begun) == ["declined"]
    assert owner.stock(begun.goods.sku) == (UNITS, 0)
    assert owner.value(CART, begun.reference) == "open"
    told = [begun.repeat() for _ in range(2)]
    assert told[0] == told[1]
    assert (told[0]["refusal"]["code"], told[0]["refusal"]["declineCode"]) == ("PAYMENT_DECLINED", "card_declined")


@pytest.mark.parametrize("point", DISPATCHED)
def test_another_process_dispatches(market: Marketplace, owner: Owner, wreck: dict[str, Begun], point: str) -> None:
    """Captured once and dispatched, for the agent who had asked."""
    begun = wreck[point]
    assert begun.order is not None
    found = until(
        lambda: shop.seen(market, shop.AGENT, begun.order.order if begun.order else ""),
        good=lambda order: order is not None and order["state"] == "DISPATCHED",
    )
    assert found is not None
    (entry,) = at_provider(market, number(owner, begun))
    assert [movement["state"] for movement in entry["captures"]] == ["succeeded"]
    by = {doer["action"]: doer["actor"] for doer in found["actors"]}["order.dispatch"]
    assert (by["isSystem"], by["onBehalfOf"] is not None) == (True, True)
    told = [begun.repeat() for _ in range(2)]
    assert told[0] == told[1]
    assert (told[0]["refusal"], told[0]["order"]["state"]) == (None, "DISPATCHED")


def test_the_lease_was_taken_over(owner: Owner, wreck: dict[str, Begun]) -> None:
    """Whoever finished held the saga's lease after the dead gateway; the fence counts the holdings."""
    for point in ("authorized, not placed", "held, the provider not called"):
        reference = wreck[point].reference
        until(lambda: state(owner, wreck[point]), good=lambda found: found == "placed")  # noqa: B023 -- used at once
        (saga,) = owner.rows(SAGA, reference)
        assert saga["state"] == "finished"
        assert saga["fence"] >= 2


def test_a_paused_gateway_comes_too_late(market: Marketplace, owner: Owner) -> None:
    """The worker has placed the purchase when it goes on: what it writes counts for nothing; its client is told."""
    begun = checkout(market, "pm_timeout_after_success")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(begun.repeat)
        until(lambda: charged(market, owner, begun) == ["authorized"])
        with stopped(market, "gateway"):
            until(partial(state, owner, begun), good=lambda found: found == "placed")
        told = answer.result()
    assert (told["refusal"], told["purchase"]["state"]) == (None, "PLACED")
    assert charged(market, owner, begun) == ["authorized"]
    assert owner.stock(begun.goods.sku) == (UNITS - 1, 0)
    assert begun.repeat()["purchase"] == told["purchase"]


def test_a_worker_killed_in_the_middle(market: Marketplace, owner: Owner) -> None:
    """It holds a saga and waits for the provider when it is killed: the next worker lets go of the money."""
    begun = checkout(market)
    (order,) = begun.repeat()["purchase"]["orders"]
    with stopped(market, "payments"):
        gone = shop.act(market, shop.BUYER, "orderCancel", order["id"], 1, reason="No longer needed.")
        assert gone["refusal"] is None
        until(lambda: owner.rows(RELEASE, begun.reference)[0]["fence"], good=lambda fence: fence >= 2)
        killed = market.kill("worker")
    until(lambda: owner.rows(RELEASE, begun.reference)[0]["state"], good=lambda found: found == "voided")
    assert owner.rows(RELEASE, begun.reference)[0]["fence"] >= 3
    assert market.pid("worker") != killed
    assert charged(market, owner, begun) == ["voided"]
    assert owner.stock(begun.goods.sku) == (UNITS, 0)


def test_a_provider_killed_in_the_middle(market: Marketplace, owner: Owner) -> None:
    """It dies with a request unread: nobody guesses; its books decide, and the key tells what they came to."""
    bought, sent = checkout(market), dispatch(market)
    with ThreadPoolExecutor(2) as pool, stopped(market, "payments"):
        answers = [pool.submit(sent_in_vain, begun) for begun in (bought, sent)]
        until(lambda: (state(owner, bought), capture(owner, sent)) == ("authorizing", "pending"))
        until(lambda: unread(market.payments_port) >= 2)
        market.kill("payments", signal.SIGKILL)
        purchase, dispatched = [answer.result() for answer in answers]
    all_up(market)
    assert purchase is not None
    assert dispatched is not None
    assert (purchase["refusal"], purchase["purchase"]["state"]) == (None, "AWAITING_PROVIDER")
    assert dispatched["refusal"]["code"] == "IN_PROGRESS"
    until(partial(state, owner, bought), good=lambda found: found == "failed")
    assert charged(market, owner, bought) == []
    assert owner.stock(bought.goods.sku) == (UNITS, 0)
    assert bought.repeat()["refusal"]["code"] == "PAYMENT_DECLINED"
    until(sent.repeat, good=lambda told: told["refusal"] is None)
    assert states_at_provider(market, number(owner, sent)) == ["captured"]
