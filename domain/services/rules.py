"""What creating and publishing services, adding variants and changing prices come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.command import Command, Ref
from domain.effects import Effect, Put
from domain.facts import Facts
from domain.inventory.stock import stock_created
from domain.money import EXPONENTS, Money
from domain.plan import Plan, Rule, advance, create
from domain.refusals import Refusal, Violation, invalid
from domain.services.facts import ServiceHad, VariantHad
from domain.text import LINE, PROSE, REASON, text_violation, told

KINDS = ("stock", "slot")  # bundles are not offered yet
CATEGORY = 80
SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
PRICE_LIMIT = 10**9  # 200 lines of 10,000 units at this price are still an exact number in every client
SHORTEST, LONGEST = 60, 30 * 86_400  # seconds of one appointment


def service_create(facts: Facts[ServiceHad], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """A draft, which nobody but its vendor sees."""
    args, resource = command.args, facts.resource
    if resource is None or resource.detail is None:
        raise ValueError("service.create needs its facts")
    refused = told(
        _unknown_kind(args["kind"]),
        text_violation("title", args["_title"], LINE),
        text_violation("description", args["_description"], PROSE, minimum=0),
        text_violation("category", args["category"], CATEGORY),
    )
    if refused is not None:
        return refused
    if resource.detail.vendor_state != "active":
        return invalid("vendorId", "VENDOR_NOT_ACTIVE", "This vendor may not sell now.")
    row = {
        "vendor": args["vendor"].id,
        "kind": args["kind"],
        "title": args["_title"].strip(),
        "description": args["_description"].strip(),
        "category": args["category"].strip(),
        "options": [],
    }
    created = create("service.create", resource.home, resource.id, row, payload={"kind": args["kind"]})
    return Plan(effects=(created,), nouns={"service": resource.ref})


def _unknown_kind(kind: str) -> Violation | None:
    if kind in KINDS:
        return None
    return Violation(("kind",), "KIND_NOT_OFFERED", "Only services of kind STOCK and SLOT are offered so far.")


def service_publish(facts: Facts[ServiceHad], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """On sale for everybody; there must be something to buy."""
    resource = facts.resource
    if resource is None or resource.detail is None:
        raise ValueError("service.publish needs its facts")
    if resource.detail.variants < 1:
        return invalid("serviceId", "NO_VARIANT", "A service needs a variant before it can be published.")
    return Plan(effects=(advance(resource, "service.publish"),), nouns={"service": resource.ref})


def variant_create(facts: Facts[VariantHad], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """A SKU with its first price, and with empty stock where it is counted."""
    args, resource = command.args, facts.resource
    if resource is None or resource.detail is None:
        raise ValueError("variant.create needs its facts")
    kind, price = resource.detail.kind, args["price"]
    refused = told(
        sku_violation(args["sku"]),
        text_violation("title", args["_title"], LINE),
        *price_violations("price", price),
        duration_violation(kind, args["duration_s"]),
    )
    if refused is not None:
        return refused
    home, variant = resource.home, resource.id
    row = {
        "service": args["service"].id,
        "sku": args["sku"],
        "title": args["_title"].strip(),
        "currency": price.currency,
        "duration_s": args["duration_s"],
    }
    effects: tuple[Effect, ...] = (
        create("variant.create", home, variant, row, payload={"sku": args["sku"]}),
        Put("price", home, new_id(), price_row(variant, price, facts.context.now, command.actor.person)),
    )
    if kind == "stock":
        effects += stock_created(home, new_id(), variant, 0)
    taken = invalid("sku", "SKU_TAKEN", "Another variant of the marketplace has this SKU.")
    return Plan(effects=effects, nouns={"variant": resource.ref}, exists={"variant": taken})


def sku_violation(sku: str) -> Violation | None:
    if not SKU.fullmatch(sku):
        return Violation(("sku",), "SKU", "Must have 2 to 40 upper-case letters, digits and hyphens, no hyphen first.")
    return text_violation("sku", sku, LINE)


def price_violations(field: str, price: Money) -> tuple[Violation, ...]:
    found = []
    if price.currency not in EXPONENTS:
        found.append(Violation((field, "currency"), "CURRENCY_UNKNOWN", "This currency is not traded here."))
    if not 0 < price.minor <= PRICE_LIMIT:
        found.append(Violation((field, "minor"), "RANGE", f"Must be from 1 to {PRICE_LIMIT}."))
    return tuple(found)


def duration_violation(kind: str, seconds: int | None) -> Violation | None:
    if kind != "slot":
        return None if seconds is None else Violation(("duration",), "NO_SLOT", "Only a slot has a duration.")
    if seconds is None or not SHORTEST <= seconds <= LONGEST:
        return Violation(("duration",), "RANGE", "A slot lasts from one minute to 30 days.")
    return None


def price_row(
    variant: UUID, price: Money, valid_from: datetime, person: UUID | None, reason: str | None = None
) -> Mapping[str, Any]:
    """The columns of one price."""
    return {
        "variant": variant,
        "amount_minor": price.minor,
        "currency": price.currency,
        "valid_from": valid_from,
        "changed_by": person,
        "reason": reason,
    }


def price_change(facts: Facts[VariantHad], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """Another price from now on or later; past prices stay as they were."""
    args, resource, now = command.args, facts.resource, facts.context.now
    if resource is None or resource.detail is None:
        raise ValueError("price.change needs its facts")
    price, starts, reason = args["amount"], args["valid_from"], args["_reason"]
    refused = told(
        *price_violations("amount", price),
        text_violation("reason", reason, REASON, minimum=0),
        None
        if price.currency == resource.detail.currency
        else Violation(
            ("amount", "currency"), "CURRENCY_DIFFERS", f"This variant is priced in {resource.detail.currency}."
        ),
        None
        if starts is None or starts >= int(now.timestamp())
        else Violation(("validFrom",), "PAST", "A price cannot change in the past."),
    )
    if refused is not None:
        return refused
    valid_from = now if starts is None else max(now, datetime.fromtimestamp(starts, UTC))
    price_id = new_id()
    row = price_row(resource.id, price, valid_from, command.actor.person, (reason or "").strip() or None)
    payload = {"amount_minor": price.minor, "currency": price.currency, "valid_from": int(valid_from.timestamp())}
    return Plan(
        effects=(advance(resource, "price.change", payload=payload), Put("price", resource.home, price_id, row)),
        nouns={"price": Ref("price", resource.home, price_id), "variant": resource.ref},
    )


RULES: dict[str, Rule] = {
    "service.create": service_create,
    "service.publish": service_publish,
    "variant.create": variant_create,
    "price.change": price_change,
}
