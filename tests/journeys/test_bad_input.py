"""What a buyer or a stranger sends by mistake or on purpose: each has its named answer, and nothing is half done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, quiet
from tests.journeys.catalog import VOLT, goods, reprice
from tests.marketplace import Answer, Marketplace, new_key

MONEY = {"minor": 2975, "currency": "EUR"}
ADDRESS = {
    "recipient": "Goods in",
    "lines": ["Rennbahnstrasse 1"],
    "postalCode": "10115",
    "city": "Berlin",
    "country": "DE",
}


@dataclass(frozen=True, slots=True)
class Ids:
    """What a bad request points at: `$name` in the fields of a case stands for one of these."""

    known: Mapping[str, str]

    def put(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.put(item) for name, item in value.items()}
        return self.known[value[1:]] if isinstance(value, str) and value.startswith("$") else value


@dataclass(frozen=True, slots=True)
class Case:
    """One request that breaks one rule. `status` 200: `code` is the refusal's, else the error's."""

    mutation: str
    fields: Mapping[str, Any]
    code: str
    violation: str | None = None
    status: int = 200
    login: str = shop.BUYER


def add(code: str, violation: str | None = None, status: int = 200, **fields: Any) -> Case:
    return Case(
        "cartLineAdd", {"cartId": "$cart", "sku": "VW-SOCKET", "quantity": 1, **fields}, code, violation, status
    )


def buy(code: str, violation: str | None = None, status: int = 200, **fields: Any) -> Case:
    good = {"cartId": "$cart", "expectedTotal": MONEY, "paymentMethodToken": "pm_ok"}
    return Case("checkoutComplete", {**good, **fields}, code, violation, status)


def approve(code: str, violation: str | None = None, status: int = 200, **fields: Any) -> Case:
    return Case(
        "orderApprove", {"orderId": "$order", "expectedVersion": 1, **fields}, code, violation, status, shop.SERVICE
    )


CASES: dict[str, Case] = {
    "an unknown sku": add("INVALID", "SKU_UNKNOWN", sku="NO-SUCH-SKU"),
    "an empty sku": add("INVALID", "LENGTH", sku=" "),
    "a long sku": add("INVALID", "LENGTH", sku="S" * 41),
    "a sku of somebody's draft": add("INVALID", "SKU_UNKNOWN", sku="$draft"),
    "a service by time": add("INVALID", "NOT_STOCK", sku="BC-DEEPCLEAN"),
    "none": add("INVALID", "RANGE", quantity=0),
    "less than none": add("INVALID", "RANGE", quantity=-1),
    "a thousand million": add("INVALID", "RANGE", quantity=10**9),
    "more than an Int": add("VALIDATION_FAILED", status=400, quantity=10**10),
    "half a unit": add("VALIDATION_FAILED", status=400, quantity=1.5),
    "a quantity in words": add("VALIDATION_FAILED", status=400, quantity="1"),
    "true units": add("VALIDATION_FAILED", status=400, quantity=True),
    "no quantity": add("VALIDATION_FAILED", status=400, quantity=None),
    "no cart id": add("NOT_FOUND", cartId=""),
    "a malformed cart id": add("NOT_FOUND", cartId="x' or 1=1 --"),
    "an id that is no text": add("VALIDATION_FAILED", status=400, cartId={"id": 1}),
    "an id of another noun": add("NOT_FOUND", cartId="$order"),
    "a foreign cart": add("NOT_FOUND", cartId="$foreign_cart"),
    "a cart in dollars": add("INVALID", "CURRENCY_DIFFERS", cartId="$dollars"),
    "a closed cart": add("ILLEGAL_TRANSITION", cartId="$closed"),
    "an abandoned cart": add("ILLEGAL_TRANSITION", cartId="$abandoned"),
    "an old version": add("CONFLICT", expectedVersion=1),
    "an unknown field": add("VALIDATION_FAILED", status=400, price=1),
    "a key too short": add("INVALID", "LENGTH", idempotencyKey="k"),
    "no key": add("VALIDATION_FAILED", status=400, idempotencyKey=None),
    "a cart in no currency": Case(
        "cartCreate", {"organizationId": "$acme", "currency": "ABC"}, "INVALID", "CURRENCY_UNKNOWN"
    ),
    "a cart for others": Case("cartCreate", {"organizationId": "$globex", "currency": "EUR"}, "NOT_FOUND"),
    "a foreign line": Case("cartLineUpdate", {"lineId": "$foreign_line", "quantity": 1}, "NOT_FOUND"),
    "an empty cart": buy("INVALID", "CART_EMPTY", cartId="$empty"),
    "a bought cart": buy("ILLEGAL_TRANSITION", cartId="$closed"),
    "somebody's cart": buy("NOT_FOUND", cartId="$foreign_cart"),
    "another total": buy("PRICE_CHANGED", expectedTotal={"minor": 2974, "currency": "EUR"}),
    "a price that changed": buy("PRICE_CHANGED", cartId="$dearer", expectedTotal={"minor": 17850, "currency": "EUR"}),
    "another currency": buy("INVALID", "CURRENCY_DIFFERS", expectedTotal={"minor": 2975, "currency": "USD"}),
    "no currency": buy("INVALID", "CURRENCY_UNKNOWN", expectedTotal={"minor": 2975, "currency": "ABC"}),
    "small letters": buy("VALIDATION_FAILED", status=400, expectedTotal={"minor": 2975, "currency": "eur"}),
    "a negative total": buy("INVALID", "RANGE", expectedTotal={"minor": -1, "currency": "EUR"}),
    "a fraction of a cent": buy("VALIDATION_FAILED", status=400, expectedTotal={"minor": 2975.5, "currency": "EUR"}),
    "more than 64 bits": buy("VALIDATION_FAILED", status=400, expectedTotal={"minor": 10**30, "currency": "EUR"}),
    "a token that is none": buy("INVALID", "TOKEN_MALFORMED", paymentMethodToken="cash"),
    "a long token": buy("INVALID", "LENGTH", paymentMethodToken="pm_" + "a" * 78),
    "a long reference": buy("INVALID", "LENGTH", reference="r" * 81),
    "a bell": buy("INVALID", "CONTROL_CHARACTER", reference="PO\u0007"),
    "a text that turns around": buy("INVALID", "CONTROL_CHARACTER", reference="PO\u202e"),
    "both kinds of address": buy(
        "VALIDATION_FAILED", status=400, shippingAddress={"address": ADDRESS, "addressBookEntryId": "x"}
    ),
    "neither kind of address": buy("VALIDATION_FAILED", status=400, shippingAddress={}),
    "an unknown address": buy("INVALID", "ADDRESS_MISSING", shippingAddress={"addressBookEntryId": "x"}),
    "a foreign address": buy("INVALID", "ADDRESS_MISSING", shippingAddress={"addressBookEntryId": "$foreign_address"}),
    "a country not served": buy(
        "INVALID", "COUNTRY_NOT_SERVED", shippingAddress={"address": {**ADDRESS, "country": "US"}}
    ),
    "a wrong postal code": buy("INVALID", "POSTAL_CODE", shippingAddress={"address": {**ADDRESS, "postalCode": "1"}}),
    "an address without lines": buy("INVALID", "LENGTH", shippingAddress={"address": {**ADDRESS, "lines": []}}),
    "a long city": buy("INVALID", "LENGTH", billingAddress={"address": {**ADDRESS, "city": "c" * 201}}),
    "a malformed order id": approve("NOT_FOUND", orderId="\u202eorder"),
    "a cart for an order": approve("NOT_FOUND", orderId="$cart"),
    "an old order version": approve("CONFLICT", expectedVersion=0),
    "a long comment": approve("INVALID", "LENGTH", comment="c" * 1001),
    "an empty comment": approve("INVALID", "LENGTH", comment=" "),
    "no version": approve("VALIDATION_FAILED", status=400, expectedVersion=None),
    "a long reason": Case(
        "orderCancel", {"orderId": "$order", "expectedVersion": 1, "reason": "r" * 1001}, "INVALID", "LENGTH"
    ),
    "no reason": Case("orderCancel", {"orderId": "$order", "expectedVersion": 1, "reason": ""}, "INVALID", "LENGTH"),
    "a long note": Case(
        "noteAdd", {"subjectId": "$order", "text": "t" * 4001}, "INVALID", "LENGTH", login=shop.SUPPORT
    ),
}


@pytest.fixture(scope="module")
def ids(market: Marketplace) -> Ids:
    """Carts and orders in every shape, and the state in which nothing else goes on."""
    closed, dearer = goods(market), goods(market)
    carts = {name: shop.new_cart(market, shop.BUYER) for name in ("cart", "closed", "abandoned", "empty", "dearer")}
    foreign = shop.add(market, shop.GLOBEX, shop.new_cart(market, shop.GLOBEX), "VW-SOCKET")
    shop.add(market, shop.BUYER, carts["cart"], "VW-SOCKET", 2)
    shop.add(market, shop.BUYER, carts["closed"], closed.sku)
    assert shop.checkout(market, shop.BUYER, carts["closed"], closed.total())["refusal"] is None
    shop.must(market, shop.BUYER, "cartAbandon", "cart { id }", cartId=carts["abandoned"])
    shop.add(market, shop.BUYER, carts["dearer"], dearer.sku)
    reprice(market, VOLT, dearer.sku, 16_000)
    acme = shop.organization(market, shop.BUYER)
    dollars = shop.must(market, shop.BUYER, "cartCreate", "cart { id }", organizationId=acme, currency="USD")
    known = {
        "order": shop.place(market).order,
        "acme": acme,
        "globex": shop.organization(market, shop.GLOBEX),
        "foreign_cart": foreign["cart"]["id"],
        "foreign_line": foreign["line"]["id"],
        "foreign_address": shop.address(market, shop.GLOBEX),
        "dollars": dollars["cart"]["id"],
        "draft": goods(market, published=False).sku,
    }
    for login in (shop.BUYER, shop.SERVICE, shop.SUPPORT):
        shop.organization(market, login)  # a session of their own starts with the first request
    return Ids(carts | known)


@pytest.fixture
def untouched(market: Marketplace, owner: Owner, ids: Ids) -> Iterator[None]:
    """No row more or less in any table, but what a denial leaves; no charge; the stock as it was."""
    quiet(owner)
    before, charged, stock = owner.counts(), len(market.charges()), owner.stock("VW-SOCKET")
    yield
    assert owner.counts() == before
    assert len(market.charges()) == charged
    assert owner.stock("VW-SOCKET") == stock


def document(mutation: str, nouns: str = "") -> str:
    name = mutation[0].upper() + mutation[1:]
    return f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {nouns} {shop.REFUSAL} replayed }} }}"


def code(answer: Answer) -> str | None:
    found: str | None = answer.body["errors"][0]["extensions"]["code"]
    return found


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_has_its_name(market: Marketplace, ids: Ids, untouched: None, name: str) -> None:
    """The refusal or the error that says what was wrong, and never an error of ours."""
    case = CASES[name]
    given = {"idempotencyKey": new_key(), **ids.put(dict(case.fields))}
    answer = market.gql(case.login, document(case.mutation), {"input": given})
    assert answer.status == case.status, answer.body
    if case.status != 200:
        assert code(answer) == case.code, answer.body
        return
    payload = answer.data[case.mutation]
    assert payload["refusal"]["code"] == case.code, payload
    assert payload["refusal"]["message"]
    assert payload["replayed"] is False
    if case.violation is not None:
        assert case.violation in [violation["code"] for violation in payload["refusal"]["violations"]], payload


CARD = "4111 1111 1111 1111"
TEXTS = {
    "noteAdd": "text",
    "organizationCreate": "name",
    "personInvite": "name",
    "grantIssue": "reason",
    "grantRevoke": "reason",
    "sessionRevoke": "reason",
    "serviceCreate": "description",
    "variantCreate": "title",
    "priceChange": "reason",
    "stockAdjust": "reason",
    "cartLineAdd": "sku",
    "checkoutComplete": "paymentMethodToken",
    "orderApprove": "comment",
    "orderReject": "reason",
    "orderCancel": "reason",
    "orderDispatch": "trackingNumber",
    "orderDeliver": "evidence",
}


@pytest.mark.parametrize("mutation", TEXTS)
def test_a_card_number_is_refused_in_every_text(market: Marketplace, untouched: None, mutation: str) -> None:
    """Whatever else the request says, and whoever sends it."""
    given = {"idempotencyKey": new_key(), TEXTS[mutation]: f"Pay with {CARD}, please"}
    answer = market.gql(shop.BUYER, document(mutation), {"input": given})
    assert (answer.status, code(answer)) == (400, "CARD_NUMBER_REFUSED")


def checkout_body(cart: str, reference: bytes) -> bytes:
    """A checkout that would go through, but for the bytes of its reference."""
    given = {"cartId": cart, "expectedTotal": MONEY, "paymentMethodToken": "pm_ok", "idempotencyKey": new_key()}
    body = json.dumps({"query": document("checkoutComplete"), "variables": {"input": {**given, "reference": "@"}}})
    return body.encode().replace(b'"@"', b'"' + reference + b'"')


BYTES: dict[str, tuple[bytes, int, str]] = {
    "nul": (b"PO\\u0000", 400, "BAD_REQUEST"),
    "a raw nul": (b"PO\x00", 400, "BAD_REQUEST"),
    "a lone surrogate": (b"PO\\ud800", 400, "BAD_REQUEST"),
    "surrogates in the wrong order": (b"\\udc00\\ud800", 400, "BAD_REQUEST"),
    "a raw surrogate": (b"PO\xed\xa0\x80", 400, "BAD_REQUEST"),
    "invalid utf-8": (b"PO\xff\xfe", 400, "BAD_REQUEST"),
    "200 kB": (b"r" * 200_000, 413, "BODY_TOO_LARGE"),
    "100 kB": (b"r" * 100_000, 200, "INVALID"),
    "a card number of the far east": (
        "".join(chr(0xFF10 + int(digit)) for digit in CARD if digit != " ").encode(),
        400,
        "CARD_NUMBER_REFUSED",
    ),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text(market: Marketplace, ids: Ids, untouched: None, name: str) -> None:
    """A good checkout with bad bytes in one field does nothing at all."""
    reference, status, expected = BYTES[name]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {market.token(shop.BUYER)}"}
    answer = market.send(checkout_body(ids.known["cart"], reference), headers)
    assert answer.status == status, answer.body
    found = code(answer) if status != 200 else answer.data["checkoutComplete"]["refusal"]["code"]
    assert found == expected


def test_after_all_of_it_the_cart_still_buys(market: Marketplace, ids: Ids) -> None:
    """Nothing of the above closed it, and its price is what it was."""
    placed = shop.checkout(market, shop.BUYER, ids.known["cart"], MONEY["minor"])
    assert placed["refusal"] is None, placed
    refused = shop.mutate(market, shop.BUYER, "cartLineAdd", "cart { id }", cartId=ids.known["cart"], sku="VW-SOCKET")
    assert refused["refusal"]["code"] == "ILLEGAL_TRANSITION"
