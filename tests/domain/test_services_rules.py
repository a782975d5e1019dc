"""Services, variants and prices."""

from __future__ import annotations

from typing import Any

import pytest

from domain.effects import Advance, Create, Put
from domain.money import LIMIT, Money
from domain.plan import Plan
from domain.refusals import Refusal
from domain.services.facts import ServiceHad, VariantHad
from domain.services.rules import PRICE_LIMIT
from tests.domain.asking import EPOCH, NOW, ROW, VOLTWORKS, asked, codes, journalled, of, only, planned, ref, row

PRICE = Money(1_250, "EUR")


def service(**more: Any) -> Plan | Refusal:
    args = {"kind": "stock", "category": "electrical", "_title": "Sockets", "_description": "", **more}
    state = args.pop("vendor_state", "active")
    detail = ServiceHad(args["kind"], state)
    return asked("service.create", row("service", None, detail), vendor=ref("vendor", ROW, VOLTWORKS), **args)


def variant(kind: str = "stock", **more: Any) -> Plan | Refusal:
    args = {"sku": "VW-SOCKET", "_title": "Socket", "price": PRICE, "duration_s": None, **more}
    resource = row("variant", None, VariantHad(ROW, kind, args["sku"], None))
    return asked("variant.create", resource, service=ref("service", ROW, VOLTWORKS), **args)


def repriced(amount: Money = PRICE, valid_from: int | None = None, reason: str | None = None) -> Plan | Refusal:
    resource = row("variant", "live", VariantHad(ROW, "stock", "VW-SOCKET", "EUR"), 4)
    return asked("price.change", resource, amount=amount, valid_from=valid_from, _reason=reason)


def test_a_service_begins_as_a_draft() -> None:
    """Its words are its row's, not the journal's."""
    plan = planned(service(_title=" Sockets "))
    created = only(plan, Create)
    assert (created.target, created.row["title"]) == ("draft", "Sockets")
    assert "Sockets" not in journalled(plan)


def test_what_is_wrong_with_a_service_is_told_at_once() -> None:
    """Kind, title, description and category."""
    answer = service(kind="bundle", _title="", _description="x" * 4_001, category="y" * 81)
    assert codes(answer) == {
        ("kind", "KIND_NOT_OFFERED"),
        ("title", "LENGTH"),
        ("description", "LENGTH"),
        ("category", "LENGTH"),
    }


def test_only_active_vendors_add_services() -> None:
    """A suspended vendor adds nothing."""
    assert codes(service(vendor_state="suspended")) == {("vendorId", "VENDOR_NOT_ACTIVE")}


def test_a_service_without_variants_is_not_published() -> None:
    """There must be something to buy."""
    draft = row("service", "draft", ServiceHad("stock", "active", 0))
    assert codes(asked("service.publish", draft)) == {("serviceId", "NO_VARIANT")}
    ready = row("service", "draft", ServiceHad("stock", "active", 1))
    assert only(planned(asked("service.publish", ready)), Advance).target == "published"


def test_a_variant_comes_with_its_price_and_empty_stock() -> None:
    """One SKU, one price from now on, one stock row at nought."""
    plan = planned(variant())
    created, stock = of(plan, Create)
    price = only(plan, Put)
    assert (created.noun, stock.noun) == ("variant", "stock")
    assert (price.row["amount_minor"], price.row["valid_from"]) == (1_250, NOW)
    assert stock.row == {"variant": ROW, "on_hand": 0, "reserved": 0}
    assert codes(plan.exists["variant"]) == {("sku", "SKU_TAKEN")}


def test_a_slot_has_a_duration_and_no_stock() -> None:
    """And goods have stock and no duration."""
    assert len(of(planned(variant("slot", duration_s=7_200)), Create)) == 1
    assert codes(variant("slot")) == {("duration", "RANGE")}
    assert codes(variant("stock", duration_s=60)) == {("duration", "NO_SLOT")}


@pytest.mark.parametrize("sku", ["", "A", "-AB", "vw-socket", "VW SOCKET", "VW_SOCKET", "V" * 41, "VW-SOCKET\n"])
def test_a_sku_is_plain(sku: str) -> None:
    """Upper-case letters, digits and hyphens, 2 to 40 of them."""
    assert codes(variant(sku=sku)) == {("sku", "SKU")}


@pytest.mark.parametrize(
    ("price", "found"),
    [
        (Money(0, "EUR"), {("price.minor", "RANGE")}),
        (Money(-1, "EUR"), {("price.minor", "RANGE")}),
        (Money(PRICE_LIMIT + 1, "EUR"), {("price.minor", "RANGE")}),
        (Money(1, "XXX"), {("price.currency", "CURRENCY_UNKNOWN")}),
    ],
)
def test_a_price_is_positive_and_in_a_known_currency(price: Money, found: set[tuple[str, str]]) -> None:
    """And small enough for the largest cart to have an exact total."""
    assert codes(variant(price=price)) == found


def test_the_largest_cart_has_an_exact_total() -> None:
    """200 lines of 10,000 units at the highest price, with the highest tax rate."""
    assert PRICE_LIMIT * 10_000 * 200 * 2 <= LIMIT


def test_a_price_changes_from_now_on() -> None:
    """The variant moves a version; the old price row stays."""
    plan = planned(repriced(Money(1_300, "EUR"), reason="  "))
    price = only(plan, Put)
    assert (only(plan, Advance).version, price.row["valid_from"], price.row["reason"]) == (4, NOW, None)
    assert plan.nouns["price"].id == price.id


def test_a_price_may_change_later_but_not_earlier() -> None:
    """This very second counts as now."""
    assert only(planned(repriced(valid_from=EPOCH + 3_600)), Put).row["valid_from"].timestamp() == EPOCH + 3_600
    assert only(planned(repriced(valid_from=EPOCH)), Put).row["valid_from"] == NOW
    assert codes(repriced(valid_from=EPOCH - 1)) == {("validFrom", "PAST")}


def test_a_price_keeps_its_currency() -> None:
    """A variant is sold in one currency for good."""
    assert codes(repriced(Money(1_300, "USD"))) == {("amount.currency", "CURRENCY_DIFFERS")}
