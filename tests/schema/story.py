"""What happened on the demo marketplace before its tests read it: something of every noun, on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.documents import document
from tests.schema.demo import Demo, new_key

BUYER, GLOBEX = "buyer@acme.example", "buyer@globex.example"
APPROVER, ADMIN = "approver@acme.example", "admin@acme.example"
SERVICE, SERVICE2 = "service@platform.example", "service2@platform.example"
AUDITOR, SUPPORT, OPERATOR = "auditor@platform.example", "support@platform.example", "operator@platform.example"
MANAGER, AGENT = "manager@voltworks.example", "fulfillment@voltworks.example"
OTHER_MANAGER, OTHER_AGENT = "manager@brightclean.example", "fulfillment@brightclean.example"
_CART = "cart { id version totals { total { minor } } }"


@dataclass(frozen=True, slots=True)
class Placed:
    """One purchase, and its orders by the name of their vendor."""

    purchase: str
    orders: dict[str, str]


async def cart(demo: Demo, login: str, lines: dict[str, int]) -> tuple[str, int]:
    """An open cart of its own with `lines`, and its total."""
    acting = (await demo.data(login, "{ viewer { actingFor { id } } }"))["viewer"]["actingFor"]["id"]
    made = await demo.do(login, "cartCreate", _CART, organizationId=acting, currency="EUR")
    total = 0
    for sku, quantity in lines.items():
        added = await demo.do(login, "cartLineAdd", _CART, cartId=made["cart"]["id"], sku=sku, quantity=quantity)
        total = added["cart"]["totals"]["total"]["minor"]
    return made["cart"]["id"], total


async def checkout(demo: Demo, login: str, cart: str, total: int, method: str = "pm_ok") -> dict[str, Any]:
    """Document 02."""
    given = {
        "cartId": cart,
        "expectedTotal": {"minor": total, "currency": "EUR"},
        "paymentMethodToken": method,
        "idempotencyKey": new_key(),
    }
    payload: dict[str, Any] = (await demo.data(login, document("02"), input=given))["checkoutComplete"]
    return payload


async def place(demo: Demo, login: str = BUYER, lines: dict[str, int] | None = None) -> Placed:
    """Two cables by default, which cost more than the service manager's threshold."""
    made = await checkout(demo, login, *await cart(demo, login, lines or {"VW-CABLE": 2}))
    assert made["refusal"] is None, made
    return Placed(
        made["purchase"]["id"], {order["vendor"]["name"]: order["id"] for order in made["purchase"]["orders"]}
    )


async def version(demo: Demo, order: str) -> int:
    found: int = (await demo.data(AUDITOR, "query($id: ID!) { order(by: {id: $id}) { version } }", id=order))["order"][
        "version"
    ]
    return found


async def step(demo: Demo, login: str, mutation: str, order: str, **more: Any) -> dict[str, Any]:
    """One step of an order, from wherever it is now."""
    given = {"orderId": order, "expectedVersion": await version(demo, order), **more}
    return await demo.do(login, mutation, "order { id state version }", **given)


async def delivered(demo: Demo, order: str, agent: str = AGENT) -> None:
    await step(demo, SERVICE, "orderApprove", order, comment="Fine.")
    await step(demo, agent, "orderDispatch", order, carrier="Post")
    await step(demo, agent, "orderDeliver", order, evidence="Signed by the doorman.")


async def tell(demo: Demo) -> None:
    """Orders in many states, for two buyers; a declined one, carts, drafts, notes, denials, a revoked grant."""
    mine = await place(demo, BUYER, {"VW-CABLE": 2, "VW-SOCKET": 3, "KW-1004": 8})
    await delivered(demo, mine.orders["Voltworks"])
    theirs = await place(demo, GLOBEX, {"VW-CABLE": 3})
    await step(demo, SERVICE, "orderApprove", theirs.orders["Voltworks"])
    await step(demo, AGENT, "orderDispatch", theirs.orders["Voltworks"])
    rejected, cancelled = await place(demo), await place(demo, GLOBEX)
    await step(demo, SERVICE, "orderReject", rejected.orders["Voltworks"], reason="Not in this colour.")
    await step(demo, GLOBEX, "orderCancel", cancelled.orders["Voltworks"], reason="Bought elsewhere.")
    declined = await checkout(demo, BUYER, *await cart(demo, BUYER, {"VW-SOCKET": 1}), method="pm_declined")
    assert declined["refusal"]["code"] == "PAYMENT_DECLINED"
    for login in (BUYER, APPROVER, GLOBEX, "double@acme.example"):
        await cart(demo, login, {"VW-SOCKET": 2, "KW-1001": 1})
    await _notes(demo, mine.orders["Voltworks"])
    await _drafts(demo)
    await _refused(demo, theirs.orders["Voltworks"], mine.orders["Voltworks"])
    await _revoked(demo)


async def _notes(demo: Demo, order: str) -> None:
    for login, visibility in ((SUPPORT, "PLATFORM"), (SUPPORT, "PARTIES"), (BUYER, "PARTIES"), (AGENT, "PARTIES")):
        await demo.do(login, "noteAdd", "note { id }", subjectId=order, text=f"Said by {login}", visibility=visibility)


async def _drafts(demo: Demo) -> None:
    """A draft of either vendor, with a variant, that nobody else may know of."""
    for login, vendor in ((MANAGER, "Voltworks"), (OTHER_MANAGER, "Brightclean")):
        given = {"kind": "STOCK", "title": f"Draft of {vendor}", "description": "Soon.", "category": "drafts"}
        made = await demo.do(login, "serviceCreate", "service { id }", vendorId=demo.vendor(vendor), **given)
        price = {"minor": 100, "currency": "EUR"}
        given = {"serviceId": made["service"]["id"], "sku": f"DRAFT-{vendor.upper()}", "title": "Draft"}
        await demo.do(login, "variantCreate", "variant { id }", price=price, **given)


async def _refused(demo: Demo, theirs: str, mine: str) -> None:
    """Denials by several people, which are kept as decisions."""
    for login, order in ((BUYER, mine), (GLOBEX, theirs), (AGENT, mine), ("finance@platform.example", mine)):
        given = {"orderId": order, "expectedVersion": await version(demo, order)}
        answer = await demo.attempt(login, "orderApprove", "order { id }", **given)
        assert answer["refusal"]["code"] == "DENIED", answer


async def _revoked(demo: Demo) -> None:
    """A grant in Acme that was taken away again."""
    person = (await demo.data(APPROVER, "{ viewer { person { id } } }"))["viewer"]["person"]["id"]
    given = {"personId": person, "organizationId": demo.organization("Acme"), "role": "ORGANIZATION_ADMIN"}
    made = await demo.do(ADMIN, "grantIssue", "grant { id version }", reason="For the holidays.", **given)
    await demo.do(ADMIN, "grantRevoke", "grant { id }", grantId=made["grant"]["id"], reason="Back again.")
