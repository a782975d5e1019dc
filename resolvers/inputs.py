"""What each mutation's input means, as data: which field is the target, how the others are read and bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.command import Ref
from domain.money import EXPONENTS, LIMIT, Money
from domain.refusals import Violation
from domain.text import text_violation
from resolvers.nodes import nowhere

Decode = Callable[[str], Ref | None]
Read = Callable[[Any, tuple[str, ...], Decode], Any]
PRIVATE = "_"


class BadFieldError(Exception):
    """One field that breaks its bounds."""

    def __init__(self, path: tuple[str, ...], code: str, message: str) -> None:
        super().__init__(message)
        self.violation = Violation(path, code, message)


def ref(*nouns: str) -> Read:
    """A global id of one of `nouns` (any when none is named).

    What does not decode is asked about like any unknown object, so that nothing tells the two apart.
    """

    def read(value: Any, path: tuple[str, ...], decode: Decode) -> Ref:
        found = decode(value)
        return found if found is not None and (not nouns or found.noun in nouns) else nowhere(*nouns[:1])

    return read


def text(limit: int, *, minimum: int = 1) -> Read:
    """Text of `minimum` to `limit` characters that breaks no rule for texts."""

    def read(value: Any, path: tuple[str, ...], decode: Decode) -> str:
        broken = text_violation(".".join(path), str(value), limit, minimum=minimum)
        if broken is not None:
            raise BadFieldError(broken.field, broken.code, broken.message)
        return str(value).strip()

    return read


def whole(low: int, high: int) -> Read:
    """A whole number from `low` to `high`."""

    def read(value: Any, path: tuple[str, ...], decode: Decode) -> int:
        if not low <= value <= high:
            raise BadFieldError(path, "RANGE", f"Must be from {low} to {high}.")
        return int(value)

    return read


def money(low: int = 0) -> Read:
    """An exact amount in a known currency, at least `low` minor units."""

    def read(value: Any, path: tuple[str, ...], decode: Decode) -> Money:
        if value["currency"] not in EXPONENTS:
            raise BadFieldError((*path, "currency"), "CURRENCY_UNKNOWN", "This currency is not traded here.")
        if not low <= value["minor"] <= LIMIT:
            raise BadFieldError((*path, "minor"), "RANGE", f"Must be at least {low}.")
        return Money(value["minor"], value["currency"])

    return read


def currency(value: Any, path: tuple[str, ...], decode: Decode) -> str:
    """A currency that is traded here."""
    if value not in EXPONENTS:
        raise BadFieldError(path, "CURRENCY_UNKNOWN", "This currency is not traded here.")
    return str(value)


def instant(value: Any, path: tuple[str, ...], decode: Decode) -> int:
    """An instant as whole epoch seconds."""
    moment: datetime = value
    return int(moment.timestamp())


def lower(value: Any, path: tuple[str, ...], decode: Decode) -> str:
    """An enum value as domain and SQL spell it."""
    return str(getattr(value, "value", value)).lower()


def as_given(value: Any, path: tuple[str, ...], decode: Decode) -> Any:
    """A value whose noun's rule checks it."""
    return value


def address_choice(value: Any, path: tuple[str, ...], decode: Decode) -> dict[str, Any]:
    """An entry of the address book, or an address in full, which the noun's rule checks."""
    if value.get("address_book_entry_id") is None:
        return {"address": dict(value["address"])}
    where = (*path, "addressBookEntryId")
    return {"address_book_entry": ref("address_book_entry")(value["address_book_entry_id"], where, decode)}


def shipment_lines(value: Any, path: tuple[str, ...], decode: Decode) -> tuple[tuple[Ref, int], ...]:
    """Which lines are in a parcel, and how much of each."""
    read = ref("order_line")
    return tuple(
        (read(line["line_id"], (*path, str(number), "lineId"), decode), int(line["quantity"]))
        for number, line in enumerate(value)
    )


def spend_limit(value: Any, path: tuple[str, ...], decode: Decode) -> dict[str, Any]:
    """Amounts per purchase and per period of the same currency; the period in seconds."""
    purchase = money(1)(value["per_purchase"], (*path, "perPurchase"), decode)
    period = money(1)(value["per_period"], (*path, "perPeriod"), decode)
    if purchase.currency != period.currency:
        raise BadFieldError((*path, "perPeriod", "currency"), "CURRENCY_DIFFERS", "Both limits need one currency.")
    seconds = int(value["period"].total_seconds()) if hasattr(value["period"], "total_seconds") else value["period"]
    return {
        "per_purchase": purchase,
        "per_period": period,
        "period_s": whole(3600, 366 * 86_400)(seconds, (*path, "period"), decode),
    }


@dataclass(frozen=True, slots=True)
class Input:
    """`target` names the field that is the action's own row, with its noun. `fields` reads the others; a name that
    starts with `_` stays with the noun's rules and is given by the input field of the same name without it.
    """

    fields: Mapping[str, Read]
    target: tuple[str, str] | None = None


_REASON = {"_reason": text(1000)}
_COMMENT = {"_comment": text(1000)}
_ORDER = ("order_id", "order")

INPUTS: dict[str, Input] = {
    "noteAdd": Input({"subject": ref(), "_text": text(4000), "visibility": lower}),
    "organizationCreate": Input({"kind": lower, "_name": text(200), "parent": ref("organization")}),
    "personInvite": Input({"organization": ref("organization"), "_email": text(320, minimum=3), "_name": text(200)}),
    "grantIssue": Input(
        {
            "person": ref("person"),
            "organization": ref("organization"),
            "role": lower,
            "valid_from": instant,
            "valid_until": instant,
            "spend_limit": spend_limit,
            **_REASON,
        }
    ),
    "grantRevoke": Input(_REASON, ("grant_id", "grant")),
    "sessionSwitch": Input({"organization": ref("organization")}),
    "sessionRevoke": Input(_REASON, ("session_id", "session")),
    "serviceCreate": Input(
        {
            "vendor": ref("vendor"),
            "kind": lower,
            "_title": text(200),
            "_description": text(4000, minimum=0),
            "category": text(80),
        }
    ),
    "servicePublish": Input({}, ("service_id", "service")),
    "variantCreate": Input(
        {
            "service": ref("service"),
            "sku": text(40),
            "_title": text(200),
            "price": money(1),
            "duration_s": as_given,
        }
    ),
    "priceChange": Input({"amount": money(1), "valid_from": instant, **_REASON}, ("variant_id", "variant")),
    "stockAdjust": Input({"delta": whole(-1_000_000, 1_000_000), **_REASON}, ("variant_id", "variant")),
    "cartCreate": Input({"organization": ref("organization"), "currency": currency}),
    "cartLineAdd": Input({"sku": text(40), "quantity": whole(1, 10_000)}, ("cart_id", "cart")),
    "cartLineUpdate": Input({"line": ref("cart_line"), "quantity": whole(1, 10_000)}),
    "cartLineRemove": Input({"line": ref("cart_line")}),
    "cartAbandon": Input({}, ("cart_id", "cart")),
    "checkoutComplete": Input(
        {
            "expected_total": money(0),
            "_payment_method_token": text(80),
            "_shipping_address": address_choice,
            "_billing_address": address_choice,
            "_reference": text(80),
        },
        ("cart_id", "cart"),
    ),
    "orderApprove": Input(_COMMENT, _ORDER),
    "orderReject": Input(_REASON, _ORDER),
    "orderCancel": Input(_REASON, _ORDER),
    "orderDispatch": Input(
        {"_lines": shipment_lines, "_carrier": text(80), "_tracking_number": text(120), "_tracking_url": text(2000)},
        _ORDER,
    ),
    "orderDeliver": Input({"delivered_at": instant, "_evidence": text(4000)}, _ORDER),
    "orderComplete": Input({}, _ORDER),
}

# The input field that a differently named argument is read from.
SOURCES: dict[str, str] = {
    "subject": "subject_id",
    "parent": "parent_id",
    "organization": "organization_id",
    "person": "person_id",
    "vendor": "vendor_id",
    "service": "service_id",
    "line": "line_id",
    "duration_s": "duration",
}


def camel(name: str) -> str:
    """`order_id` as the client spells it."""
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)
