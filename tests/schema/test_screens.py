"""What screens rely on: an auditor's one document, and permitted actions that agree with what the mutation answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.schema.demo import Demo, new_key
from tests.schema.statements import next_transaction, writers
from tests.schema.story import (
    ADMIN,
    AGENT,
    APPROVER,
    AUDITOR,
    BUYER,
    GLOBEX,
    MANAGER,
    OPERATOR,
    SERVICE,
    SUPPORT,
    cart,
    checkout,
    delivered,
    place,
    step,
    version,
)

AUDIT = """query Audit($id: ID!, $ids: [ID!]!) {
  order(by: {id: $id}) { number actors { action actor { person { name } roles isSystem onBehalfOf { name } } }
    timeline(first: 50) { edges { node { __typename at summary requestId actor { person { name } isSystem }
      ... on TimelineTransition { entry { event decision { decisionId } } }
      ... on TimelineDecision { decision { decisionId outcome } }
      ... on TimelineNote { note { text visibility } } } } } }
  journal(filter: {subjectIds: $ids}, first: 50) { edges { node { action event previousState newState version
    triggeredByRole payload actor { person { name } organization { name } roles onBehalfOf { name } isSystem }
    decision { decisionId outcome decider revision { number title state } reasons { code rule controls } } } } }
  decisions(filter: {subjectIds: $ids}, first: 50) { totalCount edges { node { decisionId outcome action explanation
    actor { person { name } roles } subjectState reasons { code message rule controls } revision { number }
    entries { event version } wouldBeAllowedFor } } } }"""


async def audit(demo: Demo, order: str) -> tuple[Any, list[Any], list[Any]]:
    found = await demo.data(AUDITOR, AUDIT, id=order, ids=[order])
    journal = sorted((edge["node"] for edge in found["journal"]["edges"]), key=lambda node: node["version"])
    return found["order"], journal, [edge["node"] for edge in found["decisions"]["edges"]]


async def test_an_auditor_reads_who_did_what_by_which_rule(demo: Demo) -> None:
    """One document: each step with its person, role, decision and policy revision; each denial with its rule."""
    id = (await place(demo)).orders["Voltworks"]
    given = {"orderId": id, "expectedVersion": await version(demo, id)}
    assert (await demo.attempt(BUYER, "orderApprove", "order { id }", **given))["refusal"]["code"] == "DENIED"
    await delivered(demo, id)
    order, journal, decisions = await audit(demo, id)
    said = [(row["event"], row["triggeredByRole"], (row["actor"]["person"] or {}).get("name")) for row in journal]
    assert said == [
        ("order.placed", "SYSTEM", None),
        ("order.approved", "SERVICE_MANAGER", "Sara Dienst"),
        ("order.auto_captured", "FULFILLMENT_AGENT", "Felix Fracht"),
        ("order.dispatched", "SYSTEM", None),
        ("order.delivered", "FULFILLMENT_AGENT", "Felix Fracht"),
    ]
    behalf = [(row["actor"]["onBehalfOf"] or {}).get("name") for row in journal if row["actor"]["isSystem"]]
    assert behalf == ["Bea Kaufmann", "Felix Fracht"]
    for row in journal:
        decision = row["decision"]
        assert (decision["outcome"], decision["decider"]) == ("ALLOWED", "POLICY")
        assert (decision["revision"]["number"], decision["revision"]["state"]) == (1, "ACTIVE")
    (denied,) = [one for one in decisions if one["outcome"] == "DENIED"]
    assert (denied["action"], denied["actor"]["person"]["name"]) == ("order.approve", "Bea Kaufmann")
    assert denied["entries"] == []
    assert all(reason["rule"] and reason["controls"] for reason in denied["reasons"])
    assert denied["explanation"] == f"Denied: {denied['reasons'][0]['message']}"
    by_id = {row["decision"]["decisionId"] for row in journal}
    assert by_id >= {one["decisionId"] for one in decisions if one["outcome"] == "ALLOWED"}
    told = [edge["node"] for edge in order["timeline"]["edges"]]
    assert [one["at"] for one in told] == sorted((one["at"] for one in told), reverse=True)
    events = [one["entry"]["event"] for one in told if one["__typename"] == "TimelineTransition"]
    assert sorted(events) == sorted(row["event"] for row in journal)


async def test_an_approval_without_a_person_names_its_rule(demo: Demo) -> None:
    """Below the threshold the system approves, and the journal says by which rule."""
    id = (await place(demo, BUYER, {"VW-SOCKET": 1})).orders["Voltworks"]
    _, journal, _ = await audit(demo, id)
    approved = journal[-1]
    assert (approved["event"], approved["newState"], approved["actor"]["isSystem"]) == (
        *("order.auto_approved", "APPROVED"),
        True,
    )
    assert approved["payload"]["rule"] == "orders.auto_approve.below_threshold"
    assert approved["actor"]["onBehalfOf"]["name"] == "Bea Kaufmann"


async def test_rules_and_controls_are_for_those_who_explain_policy(demo: Demo) -> None:
    """The buyer reads the sentence of a denial, not the path of its rule."""
    id = (await place(demo)).orders["Voltworks"]
    await demo.attempt(BUYER, "orderApprove", "order { id }", orderId=id, expectedVersion=await version(demo, id))
    document = """query($ids: [ID!]!) { decisions(filter: {subjectIds: $ids}) { edges { node {
      reasons { code message rule controls } } } } }"""
    for login, explains in ((BUYER, False), (SUPPORT, False), (AUDITOR, True), (OPERATOR, True)):
        edges = (await demo.data(login, document, ids=[id]))["decisions"]["edges"]
        reasons = [reason for edge in edges for reason in edge["node"]["reasons"]]
        assert reasons
        assert all(bool(reason["message"]) for reason in reasons)
        assert {reason["rule"] is not None for reason in reasons} == {explains}, login


# Somebody of each role; the buyer of the orders, another of the same organization, a stranger, the buyer's other self.
LOGINS = (
    *(BUYER, APPROVER, ADMIN, GLOBEX, MANAGER, AGENT, SERVICE, "double@platform.example", SUPPORT, AUDITOR, OPERATOR),
    *("finance@platform.example", "author@platform.example", "compliance@platform.example"),
)
MORE = {
    "orderApprove": "",
    "orderReject": 'reason: "No."',
    "orderCancel": 'reason: "No."',
    "orderDispatch": "",
    "orderDeliver": 'evidence: "Seen."',
    "orderComplete": "",
}


@pytest.fixture(scope="module")
async def orders(demo: Demo) -> dict[str, str]:
    """One order of Acme's in each state that this issue reaches; one of them was bought by the double person."""
    states = ("PLACED", "APPROVED", "REJECTED", "CANCELLED", "DISPATCHED", "DELIVERED", "COMPLETED")
    found = {state: (await place(demo)).orders["Voltworks"] for state in states}
    await step(demo, SERVICE, "orderReject", found["REJECTED"], reason="No.")
    await step(demo, BUYER, "orderCancel", found["CANCELLED"], reason="No.")
    for state in ("APPROVED", "DISPATCHED"):
        await step(demo, SERVICE, "orderApprove", found[state])
    await step(demo, AGENT, "orderDispatch", found["DISPATCHED"])
    for state in ("DELIVERED", "COMPLETED"):
        await delivered(demo, found[state])
    await step(demo, BUYER, "orderComplete", found["COMPLETED"])
    return found | {"PLACED by the double person": (await place(demo, "double@acme.example")).orders["Voltworks"]}


def rehearsal(order: str, version: int) -> str:
    """All mutations of an order in one document, none of which is carried out."""
    fields = "refusal { code message ... on Denied { reasons { code } } } order { id state version } replayed"
    return "mutation {" + " ".join(
        f'{name}(input: {{orderId: "{order}", expectedVersion: {version}, dryRun: true,'
        f' idempotencyKey: "{new_key()}" {more}}}) {{ {fields} }}'
        for name, more in MORE.items()
    ) + "}"  # fmt: skip


@pytest.mark.parametrize("login", LOGINS)
async def test_permitted_is_what_the_mutation_answers(demo: Demo, orders: dict[str, str], login: str) -> None:
    """In each state: allowed where a dry run is not refused, with the same reasons where it is; nothing is written."""
    document = """query($id: ID!) { order(by: {id: $id}) { state version
      permittedActions { action mutation allowed reasons { code message } } } }"""
    await demo.identity(login)
    versions = {order: await version(demo, order) for order in orders.values()}
    async with demo.database.connect() as owner:
        since = await next_transaction(owner)
        for state, order in orders.items():
            seen = (await demo.data(login, document, id=order))["order"]
            with demo.statements.watch() as watched:
                answers = await demo.data(login, rehearsal(order, versions[order]))
            assert watched.writes == []
            if seen is None:
                assert {answer["refusal"]["code"] for answer in answers.values()} == {"NOT_FOUND"}
                continue
            assert [one["mutation"] for one in seen["permittedActions"]] == list(MORE)
            for one in seen["permittedActions"]:
                agree(one, answers[one["mutation"]], state)
                assert answers[one["mutation"]]["order"]["version"] == seen["version"]
        assert await writers(owner, since) == 0


def agree(permitted: dict[str, Any], answer: dict[str, Any], state: str) -> None:
    """The screen's word and the mutation's."""
    refusal = answer["refusal"]
    assert permitted["allowed"] == (refusal is None), (state, permitted, refusal)
    assert permitted["allowed"] == (permitted["reasons"] == [])
    if refusal is not None and refusal["code"] == "DENIED":
        reasons = {reason["code"] for reason in permitted["reasons"]}
        assert reasons == {reason["code"] for reason in refusal["reasons"]}, (state, permitted, refusal)


async def test_somebody_may_take_each_action(demo: Demo, orders: dict[str, str]) -> None:
    """The agreement is not about noes alone."""
    allowed = set()
    for login in (SERVICE, BUYER, AGENT):
        document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { permittedActions { mutation allowed } } } }"
        found = await demo.data(login, document, ids=list(orders.values()))
        allowed |= {one["mutation"] for node in found["nodes"] for one in node["permittedActions"] if one["allowed"]}
    assert allowed == set(MORE)


async def test_a_dry_run_of_a_checkout_writes_nothing(demo: Demo) -> None:
    """No purchase, no hold, no call of the provider; the cart stays open and the key unused."""
    id, total = await cart(demo, BUYER, {"VW-SOCKET": 3})
    key = new_key()
    given = {"cartId": id, "expectedTotal": {"minor": total, "currency": "EUR"}, "paymentMethodToken": "pm_ok"}
    async with demo.database.connect() as owner:
        since = await next_transaction(owner)
        asked = {**given, "idempotencyKey": key, "dryRun": True}
        answer = await demo.do(BUYER, "checkoutComplete", "purchase { id } cart { state }", **asked)
        assert (answer["purchase"], answer["cart"]) == (None, {"state": "OPEN"})
        assert await writers(owner, since) == 0
    assert (await checkout(demo, BUYER, id, total))["refusal"] is None
