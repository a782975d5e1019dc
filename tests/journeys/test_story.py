"""The story of one order, by everybody who has a part in it, and by everybody who would like one."""

from __future__ import annotations

import pytest

from tests.journeys import shopping as shop
from tests.marketplace import Marketplace, new_key

JOURNAL = """query($ids: [ID!]!) { journal(filter: {subjectIds: $ids}, first: 50) { edges { node {
  event action previousState newState version triggeredByRole actor { person { id } onBehalfOf { id } isSystem }
  decision { outcome decider revision { number } reasons { code } } } } } }"""
DECISIONS = """query($ids: [ID!]!) { decisions(filter: {subjectIds: $ids}, first: 50) { edges { node {
  outcome action reasons { code message } } } } }"""


def test_an_order_is_bought_approved_dispatched_and_completed(market: Marketplace) -> None:
    """Buyer, service manager, agent and buyer again take one order to its end; the auditor reads who did what."""
    placed = shop.place(market)
    assert placed.state == "PLACED"
    approved = shop.approve(market, shop.SERVICE, placed.order, placed.version)
    assert approved["refusal"] is None
    assert approved["order"]["state"] == "APPROVED"
    sent = shop.dispatch(market, shop.AGENT, placed.order, approved["order"]["version"])
    assert sent["refusal"] is None, sent
    assert sent["order"]["state"] == "DISPATCHED"
    assert sent["order"]["payment"]["captured"]["minor"] == 2 * 8900 * 119 // 100
    arrived = shop.act(
        market, shop.AGENT, "orderDeliver", placed.order, sent["order"]["version"], evidence="Signed by the doorman."
    )
    assert arrived["order"]["state"] == "DELIVERED"
    done = shop.act(market, shop.BUYER, "orderComplete", placed.order, arrived["order"]["version"])
    assert done["order"]["state"] == "COMPLETED"
    events = [
        edge["node"] for edge in market.gql(shop.AUDITOR, JOURNAL, {"ids": [placed.order]}).data["journal"]["edges"]
    ]
    assert [e["event"] for e in sorted(events, key=lambda e: e["version"])] == [
        "order.placed",
        "order.approved",
        "order.auto_captured",
        "order.dispatched",
        "order.delivered",
        "order.completed",
    ]
    assert all(e["decision"]["outcome"] == "ALLOWED" for e in events)


@pytest.mark.parametrize(
    ("login", "code"),
    [
        (shop.BUYER, "DENIED"),
        ("approver@acme.example", "DENIED"),
        ("admin@acme.example", "NOT_FOUND"),
        (shop.GLOBEX, "NOT_FOUND"),
        ("manager@voltworks.example", "DENIED"),
        (shop.AGENT, "DENIED"),
        (shop.OTHER_AGENT, "NOT_FOUND"),
        ("finance@platform.example", "DENIED"),
        ("support@platform.example", "DENIED"),
        (shop.AUDITOR, "DENIED"),
        ("operator@platform.example", "DENIED"),
        ("author@platform.example", "NOT_FOUND"),
        ("compliance@platform.example", "DENIED"),
        ("newvendor@northlift.example", "NOT_FOUND"),
    ],
)
def test_nobody_else_approves(market: Marketplace, login: str, code: str) -> None:
    """Every other login of the demo is refused; who may not know of the order is told that there is none."""
    placed = shop.place(market)
    answer = shop.approve(market, login, placed.order, placed.version)
    assert answer["refusal"]["code"] == code, answer
    seen = shop.seen(market, shop.BUYER, placed.order)
    assert seen is not None
    assert (seen["state"], seen["version"]) == ("PLACED", placed.version)


def test_one_person_with_two_accounts_is_one_person(market: Marketplace) -> None:
    """Who bought it as a buyer may not approve it as a service manager, and is told why."""
    placed = shop.place(market, shop.DOUBLE_BUYER)
    answer = shop.approve(market, shop.DOUBLE_SERVICE, placed.order, placed.version)
    assert answer["refusal"]["code"] == "DENIED"
    assert [r["code"] for r in answer["refusal"]["reasons"]] == ["orders.approve.not_own"]
    assert answer["refusal"]["reasons"][0]["message"]
    assert shop.approve(market, shop.SERVICE2, placed.order, placed.version)["refusal"] is None


def test_dispatch_before_approval(market: Marketplace) -> None:
    """An entitled agent hears that the machine has no such edge; a stranger hears nothing of the order."""
    placed = shop.place(market)
    early = shop.dispatch(market, shop.AGENT, placed.order, placed.version)
    assert early["refusal"]["code"] == "ILLEGAL_TRANSITION"
    assert early["refusal"]["state"] == "PLACED"
    assert "order.approve" in early["refusal"]["allowed"]
    stranger = shop.dispatch(market, shop.OTHER_AGENT, placed.order, placed.version)
    assert stranger["refusal"]["code"] == "NOT_FOUND"


def test_a_foreign_order_is_like_an_unknown_one(market: Marketplace) -> None:
    """Byte for byte the same answer, for reading and for acting."""
    mine, theirs = shop.place(market), shop.place(market, shop.GLOBEX)
    unknown = mine.order[:-4] + ("AAAA" if mine.order[-4:] != "AAAA" else "BBBB")
    assert shop.seen(market, shop.BUYER, theirs.order) is None
    assert shop.seen(market, shop.BUYER, unknown) is None
    answers = [
        shop.act(market, shop.BUYER, "orderCancel", order, 1, reason="No longer needed.")
        for order in (theirs.order, unknown)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["refusal"]["code"] == "NOT_FOUND"


def test_the_old_version_conflicts(market: Marketplace) -> None:
    """Whoever names a version that has passed is told which one is current."""
    placed = shop.place(market)
    assert shop.approve(market, shop.SERVICE, placed.order, placed.version)["refusal"] is None
    late = shop.approve(market, shop.SERVICE2, placed.order, placed.version)
    assert late["refusal"]["code"] == "CONFLICT"
    assert late["refusal"]["currentVersion"] == placed.version + 1


def test_the_same_key_answers_the_same(market: Marketplace) -> None:
    """A repeat is a replay; other input under the key reveals nothing; a dry run writes nothing."""
    placed, key = shop.place(market), new_key()
    rehearsed = shop.approve(market, shop.SERVICE, placed.order, placed.version, key=key, dry_run=True)
    assert (rehearsed["refusal"], rehearsed["order"]["state"]) == (None, "PLACED")
    first = shop.approve(market, shop.SERVICE, placed.order, placed.version, key=key)
    again = shop.approve(market, shop.SERVICE, placed.order, placed.version, key=key)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["order"] == first["order"]
    other = shop.approve(market, shop.SERVICE, placed.order, placed.version + 7, key=key)
    assert other["refusal"]["code"] == "IDEMPOTENCY_MISMATCH"
    assert shop.approve(market, shop.SERVICE2, placed.order, placed.version, key=key)["refusal"]["code"] == "CONFLICT"


def test_denials_are_kept(market: Marketplace) -> None:
    """The auditor finds the refused attempt with its reasons."""
    placed = shop.place(market)
    assert shop.approve(market, shop.BUYER, placed.order, placed.version)["refusal"]["code"] == "DENIED"
    found = market.gql(shop.AUDITOR, DECISIONS, {"ids": [placed.order]}).data["decisions"]["edges"]
    assert "DENIED" in {edge["node"]["outcome"] for edge in found if edge["node"]["action"] == "order.approve"}
