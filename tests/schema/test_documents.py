"""The client documents of this issue, unchanged over HTTP, as everybody they are for and somebody they are not."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse, validate

from schema.schema import SCHEMA
from tests.documents import FOLDER, document
from tests.gateway.ground import Client
from tests.schema.demo import Demo, new_key
from tests.schema.story import (
    AGENT,
    APPROVER,
    AUDITOR,
    BUYER,
    GLOBEX,
    OPERATOR,
    SERVICE,
    SERVICE2,
    SUPPORT,
    cart,
    place,
    step,
    version,
)

FRAGMENTS = {"02": ["MoneyParts", "RefusalParts"], "05": ["Permitted", "RefusalParts"], "07": []}
FRAGMENTS["06"] = FRAGMENTS["02"]
DOUBLE_BUYER, DOUBLE_SERVICE = "double@acme.example", "double@platform.example"


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_document_is_sent_as_it_stands(name: str) -> None:
    """Byte for byte the contract's, followed by just the fragments that it uses; valid without a change."""
    (file,) = FOLDER.glob(f"{name}*.graphql")
    text = document(name)
    assert text.startswith(file.read_text(encoding="utf-8"))
    parsed = parse(text)
    assert sum(isinstance(found, OperationDefinitionNode) for found in parsed.definitions) == 1
    fragments = [found.name.value for found in parsed.definitions if isinstance(found, FragmentDefinitionNode)]
    assert sorted(fragments) == FRAGMENTS[name]
    assert validate(SCHEMA._schema, parsed) == []


async def sent(demo: Demo, http: Client, login: str, name: str, variables: dict[str, Any]) -> dict[str, Any]:
    answer = await http.ask(document(name), variables, demo.token(login))
    assert answer.status == 200, answer.body
    assert "errors" not in answer.body, answer.body
    (payload,) = answer.body["data"].values()
    found: dict[str, Any] = payload
    return found


def bought(cart: str, total: int, method: str = "pm_ok") -> dict[str, Any]:
    amount = {"minor": total, "currency": "EUR"}
    return {
        "input": {
            "cartId": cart,
            "expectedTotal": amount,
            "paymentMethodToken": method,
            "idempotencyKey": new_key(),
        }
    }


@pytest.mark.parametrize("login", [BUYER, APPROVER, GLOBEX, DOUBLE_BUYER])
async def test_every_buyer_checks_out_by_document_02(demo: Demo, http: Client, login: str) -> None:
    """Below the threshold the order is approved at once; above, it says which role must approve it and why."""
    made = await sent(demo, http, login, "02", bought(*await cart(demo, login, {"VW-SOCKET": 2, "KW-1004": 9})))
    purchase = made["purchase"]
    assert (made["refusal"], made["replayed"], purchase["state"], purchase["failure"]) == (None, False, "PLACED", None)
    assert purchase["total"]["currency"] == "EUR"
    assert [step["state"] for step in purchase["steps"]] == ["DONE"] * len(purchase["steps"])
    by_vendor = {order["vendor"]["name"]: order for order in purchase["orders"]}
    assert (by_vendor["Voltworks"]["state"], by_vendor["Voltworks"]["approvals"]) == ("APPROVED", [])
    waiting = by_vendor["Kettlewell"]
    assert waiting["state"] == "PLACED"
    assert [(one["role"], one["state"]) for one in waiting["approvals"]] == [("SERVICE_MANAGER", "PENDING")]
    assert "amount" in waiting["approvals"][0]["reason"]["message"]
    total = sum(order["totals"]["total"]["minor"] for order in purchase["orders"])
    assert purchase["total"]["minor"] == total


@pytest.mark.parametrize("login", [AGENT, SERVICE, SUPPORT, AUDITOR])
async def test_nobody_else_checks_out_a_cart(demo: Demo, http: Client, login: str) -> None:
    """Who sees the cart is denied with a reason, who does not is told that there is none."""
    made = await sent(demo, http, login, "02", bought(*await cart(demo, BUYER, {"VW-SOCKET": 1})))
    code = "DENIED" if login in (SUPPORT, AUDITOR) else "NOT_FOUND"
    assert (made["purchase"], made["refusal"]["code"]) == (None, code)
    assert ("reasons" in made["refusal"]) == (code == "DENIED")


async def test_document_02_tells_each_refusal_in_full(demo: Demo, http: Client) -> None:
    """A changed price, short stock and a declined card, each with what a client has to show."""
    id, total = await cart(demo, BUYER, {"VW-SOCKET": 3})
    changed = (await sent(demo, http, BUYER, "02", bought(id, total - 1)))["refusal"]
    assert changed["code"] == "PRICE_CHANGED"
    assert (changed["expected"]["minor"], changed["actual"]["minor"]) == (total - 1, total)
    declined = await sent(demo, http, BUYER, "02", bought(id, total, "pm_declined"))
    assert declined["refusal"]["code"] == "PAYMENT_DECLINED"
    assert declined["refusal"]["declineCode"]
    short = (await sent(demo, http, BUYER, "02", bought(*await cart(demo, BUYER, {"VW-PANEL": 21}))))["refusal"]
    assert short["code"] == "OUT_OF_STOCK"
    assert [(line["sku"], line["requested"]) for line in short["lines"]] == [("VW-PANEL", 21)]


@pytest.mark.parametrize("login", [SERVICE, SERVICE2, DOUBLE_SERVICE])
async def test_every_service_manager_approves_by_document_05(demo: Demo, http: Client, login: str) -> None:
    """The answer shows what may be done next."""
    order = (await place(demo, GLOBEX)).orders["Voltworks"]
    given = {"orderId": order, "expectedVersion": await version(demo, order), "idempotencyKey": new_key()}
    rehearsed = await sent(demo, http, login, "05", given | {"dryRun": True})
    assert (rehearsed["refusal"], rehearsed["order"]["state"]) == (None, "PLACED")
    made = await sent(demo, http, login, "05", given)
    assert (made["refusal"], made["replayed"], made["order"]["state"]) == (None, False, "APPROVED")
    permitted = {one["action"]: one for one in made["order"]["permittedActions"]}
    assert (permitted["order.approve"]["allowed"], permitted["order.approve"]["reasons"] != []) == (False, True)
    again = await sent(demo, http, login, "05", given)
    assert (again["replayed"], again["order"]["state"]) == (True, "APPROVED")


@pytest.mark.parametrize("login", [BUYER, APPROVER, AGENT, AUDITOR, OPERATOR, DOUBLE_SERVICE])
async def test_nobody_else_approves(demo: Demo, http: Client, login: str) -> None:
    """Buyer and vendor, other staff, and the buyer's own second account: denied, with the sentence that says why."""
    buyer = DOUBLE_BUYER if login == DOUBLE_SERVICE else BUYER
    order = (await place(demo, buyer)).orders["Voltworks"]
    given = {"orderId": order, "expectedVersion": await version(demo, order), "idempotencyKey": new_key()}
    made = await sent(demo, http, login, "05", given)
    assert made["refusal"]["code"] == "DENIED"
    assert made["order"]["state"] == "PLACED"
    assert all(reason["message"] for reason in made["refusal"]["reasons"])
    assert made["refusal"]["policyRevision"] == 1


async def test_the_agent_dispatches_by_document_06(demo: Demo, http: Client) -> None:
    """Too early it is an illegal transition; approved, the money of that order is captured and the parcel known."""
    order = (await place(demo, GLOBEX)).orders["Voltworks"]
    early = {"orderId": order, "expectedVersion": await version(demo, order), "idempotencyKey": new_key()}
    refused = await sent(demo, http, AGENT, "06", {"input": early})
    assert (refused["refusal"]["code"], refused["refusal"]["state"]) == ("ILLEGAL_TRANSITION", "PLACED")
    await step(demo, SERVICE, "orderApprove", order)
    given = early | {"expectedVersion": await version(demo, order), "idempotencyKey": new_key(), "trackingNumber": "T1"}
    for stranger, code in ((SERVICE, "DENIED"), (GLOBEX, "DENIED"), (BUYER, "NOT_FOUND")):
        other = given | {"idempotencyKey": new_key()}
        assert (await sent(demo, http, stranger, "06", {"input": other}))["refusal"]["code"] == code
    made = await sent(demo, http, AGENT, "06", {"input": given})
    assert (made["refusal"], made["order"]["state"], made["shipment"]["trackingNumber"]) == (None, "DISPATCHED", "T1")
    assert made["order"]["payment"]["captured"]["minor"] == 2 * 8900 * 119 // 100


async def test_the_auditor_reads_the_decision_log_by_document_07(demo: Demo, http: Client) -> None:
    """It comes with a later issue, and runs already."""
    found = await sent(demo, http, AUDITOR, "07", {"first": 20})
    assert len(found["edges"]) == 20
    assert found["totalCount"] > 20
    assert all(edge["node"]["revision"]["number"] == 1 for edge in found["edges"])
