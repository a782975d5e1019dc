"""How many statements an operation takes, however many rows it shows: read off PostgreSQL's own log of statements."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.documents import document
from tests.gateway.ground import Client
from tests.schema.demo import Demo, new_key
from tests.schema.statements import Statements, next_transaction, writers
from tests.schema.story import AGENT, AUDITOR, BUYER, GLOBEX, MANAGER, SERVICE, SUPPORT, cart, place, version

MANY = 20
PAGE = "query($n: Int!) {{ it: {} }}"
# What is read -> who reads it and how many statements it takes, without the begin and end of snapshots.
LISTS: dict[str, tuple[str, str, int]] = {
    "orders": (GLOBEX, "orders(first: $n) { edges { node { id number state totals { total { minor } } } } }", 1),
    "orders, counted": (GLOBEX, "orders(first: $n) { totalCount edges { node { id } } }", 2),
    "orders > lines > variant > service > vendor": (
        GLOBEX,
        """orders(first: $n) { edges { node { lines { sku totals { total { minor } } variant { service { vendor {
           name organization { name } } } } } } } }""",
        6,
    ),
    "orders, as a screen": (
        AUDITOR,
        """orders(first: $n) { edges { node { buyer { name } vendor { name } purchase { number placedBy { name } }
           shippingAddress { city } billingAddress { city } approvals { role state reason { message } decidedBy {
           person { name } } } shipments { state lines { quantity line { sku } } }
           actors { action actor { person { name } onBehalfOf { name } organization { name } } }
           payment { authorized { minor } captures { amount { minor } } authorization { state attempts { kind } } }
           } } }""",
        14,
    ),
    "orders > timeline": (
        AUDITOR,
        """orders(first: $n) { edges { node { timeline(first: 10) { edges { node { summary actor { person { name } }
           ... on TimelineTransition { entry { event decision { revision { number } } } }
           ... on TimelineDecision { decision { outcome revision { number } } }
           ... on TimelinePaymentAttempt { attempt { kind } } ... on TimelineNote { note { text } } } } } } } }""",
        5,
    ),
    "orders > permittedActions": (
        SERVICE,
        "orders(first: $n) { edges { node { permittedActions { action allowed reasons { message } } } } }",
        2,
    ),
    "decisions": (
        AUDITOR,
        """decisions(first: $n, filter: {actions: ["purchase.place"]}) { edges { node {
           action outcome explanation input actor { person { name } organization { name } }
           subject { id label } effects { action version subject { id label } }
           reasons { code rule } revision { number } entries { event } } } }""",
        9,
    ),
    "journal": (
        AUDITOR,
        """journal(first: $n, filter: {actions: ["order.place"]}) { edges { node {
           event payload subject { id label } actor { person { name } }
           decision { outcome revision { number } } } } }""",
        4,
    ),
    "services > variants > stock": (
        MANAGER,
        """services(first: $n) { edges { node { title vendor { name } variants { sku price { minor } stock { available }
           } } } }""",
        4,
    ),
    "purchases > orders > approvals": (
        GLOBEX,
        """purchases(first: $n) { edges { node { number steps { name state } failure { message } placedBy { name }
           orders { number approvals { state } } approvals { state } authorizations { state } } } }""",
        8,
    ),
    "people > grants": (
        SUPPORT,
        """people(first: $n) { edges { node { name email accounts { login } grants { edges { node { role reason
           organization { name } grantedBy { person { name } } } } } } } }""",
        6,
    ),
}


@pytest.fixture(scope="module")
async def many(demo: Demo) -> list[str]:
    """Purchases of one kind, enough for pages of twenty; their orders."""
    placed = [await place(demo, GLOBEX, {"VW-SOCKET": 9}) for _ in range(MANY)]
    return [order for one in placed for order in one.orders.values()]


@pytest.mark.parametrize("name", LISTS)
async def test_statements_do_not_grow_with_the_rows(demo: Demo, many: list[str], name: str) -> None:
    """One, five and twenty rows take the same statements, and exactly so many."""
    login, selection, wanted = LISTS[name]
    counts = {}
    for n in (MANY, 1, 5, MANY):  # the first time a connection may have to learn a type
        with demo.statements.watch() as watched:
            found = await demo.data(login, PAGE.format(selection), n=n)
        assert len(found["it"]["edges"]) == n
        counts[n] = len(watched.reads)
        assert watched.writes == []
    assert counts == dict.fromkeys((1, 5, MANY), wanted)


async def test_a_cart_is_priced_in_the_same_statements(demo: Demo) -> None:
    """However many lines it has."""
    document = """query($id: ID!) { node(id: $id) { ... on Cart { lines { quantity totals { total { minor } } variant {
      title price { minor } stock { available } service { vendor { name } } } } totals { total { minor } }
      issues { kind } shippingAddress { city } } } }"""
    counts = {}
    for n in (MANY, 1, 5, MANY):
        skus = {f"VW-{1000 + number}": 1 for number in range(1, n + 1)}
        id, _ = await cart(demo, BUYER, skus)
        with demo.statements.watch() as watched:
            found = await demo.data(BUYER, document, id=id)
        assert len(found["node"]["lines"]) == n
        counts[n] = len(watched.reads)
    assert counts == dict.fromkeys((1, 5, MANY), 13)


async def test_nodes_of_one_noun_are_one_statement(demo: Demo, many: list[str]) -> None:
    """However many ids; and what they lead to is looked up together."""
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { buyer { name } lines { sku } } } }"
    counts = {}
    for n in (MANY, 1, 5, MANY):
        with demo.statements.watch() as watched:
            found = await demo.data(AUDITOR, document, ids=many[:n])
        assert all(node["lines"] for node in found["nodes"])
        counts[n] = len(watched.reads)
    assert counts == dict.fromkeys((1, 5, MANY), 3)


async def test_permitted_actions_of_one_noun_are_one_statement(demo: Demo, many: list[str]) -> None:
    """Facts once a noun, whatever the number of objects and actions; the engine is asked once for two hundred."""
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { permittedActions { action } } } }"
    for n in (MANY, 1, 5, MANY):
        with demo.statements.watch() as watched:
            found = await demo.data(SERVICE, document, ids=many[:n])
        assert [len(node["permittedActions"]) for node in found["nodes"]] == [6] * n
        facts = [text for text in watched.reads if "stored_fingerprint" in text]
        assert (len(facts), len(watched.reads)) == (1, 2)


async def questions(http: Client) -> dict[str, int]:
    """How often the gateway asked the policy engine so far, as its own figures say."""
    text = (await http.send("GET", "/metrics")).body
    found: dict[str, int] = {"decide": 0, "batch": 0}
    for entry, number in re.findall(r'portcullis_policy_seconds_count\{entry="(\w+)",[^}]*\} (\d+)', text):
        found[entry] += int(number)
    return found


async def cost(
    demo: Demo, http: Client, login: str, text: str, variables: dict[str, Any]
) -> tuple[dict[str, Any], Statements, dict[str, int], int]:
    """One mutation over HTTP, on a live session: its payload, statements, questions and write transactions."""
    await http.ask("{ viewer { roles } }", token=demo.token(login))
    async with demo.database.connect() as owner:
        since = await next_transaction(owner)
        before = await questions(http)
        with demo.statements.watch() as watched:
            answer = await http.ask(text, variables, demo.token(login))
        asked = {entry: number - before[entry] for entry, number in (await questions(http)).items()}
        (payload,) = answer.body["data"].values()
        assert payload["refusal"] is None, payload
        return payload, watched, asked, await writers(owner, since)


async def test_a_checkout_is_two_writes_and_two_questions(demo: Demo, http: Client) -> None:
    """The whole happy checkout of two vendors, document 02 over HTTP on a live session."""
    id, total = await cart(demo, BUYER, {"VW-CABLE": 1, "KW-1004": 5})
    given = {"cartId": id, "expectedTotal": {"minor": total, "currency": "EUR"}, "paymentMethodToken": "pm_ok"}
    given["idempotencyKey"] = new_key()
    payload, watched, asked, written = await cost(demo, http, BUYER, document("02"), {"input": given})
    assert payload["purchase"]["state"] == "PLACED"
    assert len(payload["purchase"]["orders"]) == 2
    assert watched.writes == ["change", "change"]
    assert written == 2
    assert asked == {"decide": 2, "batch": 0}
    assert len(watched) == 13


APPROVE = """mutation($input: OrderApproveInput!) { orderApprove(input: $input) { order { id version state }
  refusal { code } replayed } }"""


async def test_an_approval_is_one_write_and_one_question(demo: Demo, http: Client, many: list[str]) -> None:
    """Who asks, the facts, the change; and the order read again for the payload, without a transaction around it."""
    given = {"orderId": many[0], "expectedVersion": await version(demo, many[0]), "idempotencyKey": new_key()}
    payload, watched, asked, written = await cost(demo, http, SERVICE, APPROVE, {"input": given})
    assert payload["order"]["state"] == "APPROVED"
    assert watched.writes == ["change"]
    assert written == 1
    assert asked == {"decide": 1, "batch": 0}
    assert len(watched) == 4


async def test_a_payload_reads_what_it_shows(demo: Demo, http: Client, many: list[str]) -> None:
    """Nothing, one statement, or a snapshot of several; a fragment or an alias changes nothing."""
    shapes = {
        "replayed refusal { code message ... on Denied { decisionId } }": 3,
        "__typename mine: order { ... on Order { number } ...Head } refusal { code }": 4,
        "refusal { code } order { number vendor { name } }": 7,
        "refusal { code } order { number lines { sku } }": 7,
    }
    for (selection, wanted), id in zip(shapes.items(), many[10:], strict=False):
        text = f"mutation($input: OrderApproveInput!) {{ orderApprove(input: $input) {{ {selection} }} }}"
        if "...Head" in selection:
            text += " fragment Head on Governed { version label ... on Order { totals { total { decimal } } } }"
        given = {"orderId": id, "expectedVersion": await version(demo, id), "idempotencyKey": new_key()}
        _, watched, _, _ = await cost(demo, http, SERVICE, text, {"input": given})
        assert len(watched) == wanted, selection


async def test_an_approval_as_a_client_sends_it(demo: Demo, http: Client, many: list[str]) -> None:
    """Document 05 also shows what may be done next: one more question, for all actions, and one more statement."""
    given = {"orderId": many[1], "expectedVersion": await version(demo, many[1]), "idempotencyKey": new_key()}
    _, watched, asked, written = await cost(demo, http, SERVICE, document("05"), given)
    assert (watched.writes, written, asked) == (["change"], 1, {"decide": 1, "batch": 1})
    assert len(watched) == 7


async def test_a_dispatch_is_two_writes_and_two_questions(demo: Demo, http: Client, many: list[str]) -> None:
    """The agent asks, the system captures on their behalf; document 06."""
    given = {"orderId": many[0], "expectedVersion": await version(demo, many[0]), "idempotencyKey": new_key()}
    payload, watched, asked, written = await cost(demo, http, AGENT, document("06"), {"input": given})
    assert payload["order"]["state"] == "DISPATCHED"
    assert (watched.writes, written, asked) == (["change", "change"], 2, {"decide": 2, "batch": 0})
    assert len(watched) == 11
