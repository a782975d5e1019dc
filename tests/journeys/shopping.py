"""What journeys do again and again, over HTTP: fill a cart, check out, read an order, act on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.documents import document
from tests.marketplace import Marketplace, new_key

BUYER = "buyer@acme.example"
GLOBEX = "buyer@globex.example"
SERVICE = "service@platform.example"
SERVICE2 = "service2@platform.example"
AGENT = "fulfillment@voltworks.example"
OTHER_AGENT = "fulfillment@brightclean.example"
AUDITOR = "auditor@platform.example"
SUPPORT = "support@platform.example"
OPERATOR = "operator@platform.example"
DOUBLE_BUYER = "double@acme.example"
DOUBLE_SERVICE = "double@platform.example"

CREATE = """mutation($input: CartCreateInput!) { cartCreate(input: $input) {
  cart { id version state } refusal { __typename code message } replayed } }"""
ADD = """mutation($input: CartLineAddInput!) { cartLineAdd(input: $input) {
  cart { id version totals { total { minor currency } } lines { id quantity variant { sku } } } line { id quantity }
  refusal { __typename code message ... on Invalid { violations { field code message } } } replayed } }"""
ORDER = """query($id: ID!) { order(by: {id: $id}) { id number version state
  totals { total { minor currency } } actors { action actor { person { id } onBehalfOf { id } isSystem } }
  permittedActions { action allowed reasons { code message } } } }"""
REFUSAL = """refusal { __typename code message ... on Denied { reasons { code message } }
  ... on Invalid { violations { field code message } } ... on IllegalTransition { state allowed }
  ... on Conflict { currentVersion } ... on InProgress { retryAfterMs } ... on Unavailable { reason }
  ... on OutOfStock { lines { sku requested available } } ... on PaymentDeclined { declineCode }
  ... on PriceChanged { expected { minor } actual { minor } lines { sku } } }"""
WHOAMI = "{ viewer { person { id } actingFor { id name } roles } }"


@dataclass(frozen=True, slots=True)
class Placed:
    """One order as its buyer got it back."""

    order: str
    purchase: str
    number: str
    state: str
    version: int


def mutate(market: Marketplace, login: str, mutation: str, selection: str, **fields: Any) -> dict[str, Any]:
    """Any mutation with a key of its own, unless one is given."""
    name = mutation[0].upper() + mutation[1:]
    text = f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {selection} {REFUSAL} replayed }} }}"
    given = {"idempotencyKey": new_key(), **fields}
    payload: dict[str, Any] = market.gql(login, text, {"input": given}).data[mutation]
    return payload


def must(market: Marketplace, login: str, mutation: str, selection: str, **fields: Any) -> dict[str, Any]:
    """The same, where anything but yes is an error."""
    payload = mutate(market, login, mutation, selection, **fields)
    assert payload["refusal"] is None, (login, mutation, payload["refusal"])
    return payload


def organization(market: Marketplace, login: str) -> str:
    found: str = market.gql(login, WHOAMI).data["viewer"]["actingFor"]["id"]
    return found


def address(market: Marketplace, login: str) -> str:
    """The only entry of the organization's address book."""
    ask = "{ viewer { actingFor { addressBook { id } } } }"
    (found,) = market.gql(login, ask).data["viewer"]["actingFor"]["addressBook"]
    entry: str = found["id"]
    return entry


def new_person(market: Marketplace, login: str, acting: str, *roles: str) -> tuple[str, list[dict[str, Any]]]:
    """Invited by the operator to the organization that `acting` acts for: the person and a grant of each role."""
    home = organization(market, acting)
    invited = {"organizationId": home, "email": login, "name": "Somebody New"}
    person: str = must(market, OPERATOR, "personInvite", "person { id }", **invited)["person"]["id"]
    given = {"personId": person, "organizationId": home, "reason": "For a test."}
    grants = [must(market, OPERATOR, "grantIssue", "grant { id version }", role=role, **given) for role in roles]
    return person, [issued["grant"] for issued in grants]


def new_buyer(market: Marketplace) -> str:
    """The login of a new buyer of Acme, without a cart."""
    login = f"buyer-{new_key()[:8]}@acme.example"
    new_person(market, login, BUYER, "BUYER")
    return login


def new_cart(market: Marketplace, login: str) -> str:
    """A cart of its own, so that journeys do not meet in one."""
    given = {"organizationId": organization(market, login), "currency": "EUR", "idempotencyKey": new_key()}
    payload = market.gql(login, CREATE, {"input": given}).data["cartCreate"]
    assert payload["refusal"] is None, payload
    cart: str = payload["cart"]["id"]
    return cart


def add(market: Marketplace, login: str, cart: str | None, sku: str, quantity: int = 1) -> dict[str, Any]:
    given = {"cartId": cart, "sku": sku, "quantity": quantity, "idempotencyKey": new_key()}
    payload: dict[str, Any] = market.gql(login, ADD, {"input": given}).data["cartLineAdd"]
    return payload


def checkout(
    market: Marketplace,
    login: str,
    cart: str,
    total: int,
    *,
    method: str = "pm_ok",
    key: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Document 02 unchanged."""
    given = {
        "cartId": cart,
        "expectedTotal": {"minor": total, "currency": "EUR"},
        "paymentMethodToken": method,
        "idempotencyKey": key or new_key(),
        **more,
    }
    payload: dict[str, Any] = market.gql(login, document("02"), {"input": given}).data["checkoutComplete"]
    return payload


def place(market: Marketplace, login: str = BUYER, sku: str = "VW-CABLE", quantity: int = 2) -> Placed:
    """One order of one vendor, placed; two cables cost more than the service manager's threshold."""
    cart = new_cart(market, login)
    added = add(market, login, cart, sku, quantity)
    assert added["refusal"] is None, added
    payload = checkout(market, login, cart, added["cart"]["totals"]["total"]["minor"])
    assert payload["refusal"] is None, payload
    (order,) = payload["purchase"]["orders"]
    seen = market.gql(login, ORDER, {"id": order["id"]}).data["order"]
    return Placed(order["id"], payload["purchase"]["id"], order["number"], order["state"], seen["version"])


def approve(
    market: Marketplace, login: str, order: str, version: int, *, key: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Document 05 unchanged."""
    given = {"orderId": order, "expectedVersion": version, "idempotencyKey": key or new_key(), "dryRun": dry_run}
    payload: dict[str, Any] = market.gql(login, document("05"), given).data["orderApprove"]
    return payload


def dispatch(market: Marketplace, login: str, order: str, version: int, *, key: str | None = None) -> dict[str, Any]:
    """Document 06 unchanged."""
    given = {"orderId": order, "expectedVersion": version, "idempotencyKey": key or new_key()}
    payload: dict[str, Any] = market.gql(login, document("06"), {"input": given}).data["orderDispatch"]
    return payload


def act(market: Marketplace, login: str, mutation: str, order: str, version: int, **more: Any) -> dict[str, Any]:
    """Any other mutation of an order."""
    type_name = mutation[0].upper() + mutation[1:] + "Input"
    text = f"""mutation($input: {type_name}!) {{ {mutation}(input: $input) {{ order {{ id version state }}
      refusal {{ __typename code message ... on Denied {{ reasons {{ code message remedy }} }}
        ... on IllegalTransition {{ state allowed }} ... on Conflict {{ currentVersion }} }} replayed }} }}"""
    given = {"orderId": order, "expectedVersion": version, "idempotencyKey": new_key(), **more}
    payload: dict[str, Any] = market.gql(login, text, {"input": given}).data[mutation]
    return payload


def seen(market: Marketplace, login: str, order: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = market.gql(login, ORDER, {"id": order}).data["order"]
    return found
