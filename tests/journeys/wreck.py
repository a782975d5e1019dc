"""Checkouts and dispatches that a gateway had begun when it was killed, each held at a named point until then."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, states_at_provider, until
from tests.journeys.catalog import Goods, goods
from tests.marketplace import Marketplace, new_key

UNITS = 3  # of each SKU; every checkout wants one
PURCHASE = "select id, number, state, cart from purchase where reference = $1"
CAPTURE = """select c.state from capture c join orders o on o.organization = c.organization and o.id = c.order_id
              where o.number = $1 order by c.created_at desc limit 1"""


@dataclass(frozen=True, slots=True)
class Begun:
    """One request that never got its answer, and how to send it again."""

    goods: Goods
    reference: str  # of the purchase
    cart: str
    repeat: Callable[[], dict[str, Any]]
    order: shop.Placed | None = None


def checkout(market: Marketplace, method: str = "pm_ok") -> Begun:
    """Ready to check out."""
    sold, reference, key = goods(market, stock=UNITS), new_key(), new_key()
    cart = shop.new_cart(market, shop.BUYER)
    shop.add(market, shop.BUYER, cart, sold.sku)
    send = partial(shop.checkout, market, shop.BUYER, cart, sold.total(), method=method, key=key, reference=reference)
    return Begun(sold, reference, cart, send)


def dispatch(market: Marketplace) -> Begun:
    """Ready to be dispatched."""
    ready, key = checkout(market), new_key()
    payload = ready.repeat()
    assert payload["refusal"] is None, payload
    (order,) = payload["purchase"]["orders"]
    version = shop.approve(market, shop.SERVICE, order["id"], 1)["order"]["version"]
    placed = shop.Placed(order["id"], payload["purchase"]["id"], order["number"], "APPROVED", version)
    send = partial(shop.dispatch, market, shop.AGENT, placed.order, version, key=key)
    return Begun(ready.goods, ready.reference, ready.cart, send, placed)


def sent_in_vain(begun: Begun) -> dict[str, Any] | None:
    """None where the connection broke before an answer came."""
    try:
        return begun.repeat()
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return None


def state(owner: Owner, begun: Begun) -> str | None:
    """Of the purchase."""
    found = owner.rows(PURCHASE, begun.reference)
    return found[0]["state"] if found else None


def number(owner: Owner, begun: Begun) -> str:
    found: str = owner.rows(PURCHASE, begun.reference)[0]["number"]
    return found


def capture(owner: Owner, begun: Begun) -> str | None:
    return None if begun.order is None else owner.value(CAPTURE, begun.order.number)


def charged(market: Marketplace, owner: Owner, begun: Begun) -> list[str]:
    """What the provider has for the purchase; nothing before there is one."""
    if state(owner, begun) is None:
        return []
    return states_at_provider(market, number(owner, begun))


def all_up(market: Marketplace) -> None:
    """Until gateway and provider answer again."""
    for url in (f"{market.url}/readyz", f"{market.payments_url}/healthz"):
        until(partial(_answers, url))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return False


@contextmanager
def stopped(market: Marketplace, process: str) -> Iterator[None]:
    """It neither answers nor ends, as long as the block lasts and it was not killed in it."""
    pid = market.kill(process, signal.SIGSTOP)
    until(lambda: all_paused(pid))  # the signal alone may come after one more answer
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def all_paused(pid: int) -> bool:
    """Whether every thread of the process has stopped."""
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(thread.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T" for thread in threads)


def unread(port: int) -> int:
    """How many connections to a port of this machine hold bytes that nobody has read yet."""
    found = 0
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, local, _, status, queues, *_ = line.split()
        found += status == "01" and int(local[-4:], 16) == port and int(queues.partition(":")[2], 16) > 0
    return found


def wrecked(market: Marketplace, owner: Owner) -> dict[str, Begun]:
    """Bring one request to each point, then kill -9 the gateway, and the provider with what it had not read yet."""
    points = {
        "authorized, the answer lost": checkout(market, "pm_timeout_after_success"),
        "authorized, not placed": checkout(market),
        "authorized, the placing on its way": checkout(market),
        "captured, not written": dispatch(market),
        "held, the provider not called": checkout(market),
        "held, and repeated at once": checkout(market),
        "held, to be declined": checkout(market, "pm_declined"),
        "capture meant, the provider not called": dispatch(market),
    }
    lost, unplaced, on_its_way, captured, *unheard = points.values()
    with ThreadPoolExecutor(len(points)) as pool:
        with owner.locked("order_items", "shipment"):
            answers = [pool.submit(sent_in_vain, begun) for begun in (lost, unplaced, captured)]
            until(lambda: len(owner.waiting("order_items")) == len(owner.waiting("shipment")) == 1)
            never_sent = [*owner.waiting("order_items"), *owner.waiting("shipment")]
            answers.append(pool.submit(sent_in_vain, on_its_way))
            until(lambda: len(owner.waiting("order_items")) == 2)
            until(lambda: charged(market, owner, lost) == ["authorized"])
            with stopped(market, "payments"):
                answers += [pool.submit(sent_in_vain, begun) for begun in unheard]
                until(lambda: [state(owner, begun) for begun in unheard[:3]] == ["authorizing"] * 3)
                until(lambda: capture(owner, unheard[3]) == "pending")
                until(lambda: unread(market.payments_port) >= len(unheard))
                market.kill("gateway")
                market.kill("payments")
            owner.end(never_sent)
        assert [answer.result() for answer in answers] == [None] * len(points)
    all_up(market)
    return points
