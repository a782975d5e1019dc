"""T1 of a checkout: the money is there, so each vendor's part becomes an order, approved where policy says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain import ledger
from domain.command import Command, Outcome, Ref
from domain.effects import Create, Effect, Put
from domain.facts import Facts, Resource
from domain.inventory.reservations import finalized
from domain.money import Money
from domain.payments.rules import answered
from domain.plan import Obligation, Plan, advance, create
from domain.purchases.facts import Purchase, PurchaseFacts, purchase_of, shown
from domain.purchases.parts import Part, PartItem, parts_from
from domain.refusals import Refusal
from domain.sagas.facts import SagaFacts, detail_of
from domain.sagas.rules import moved, step

NewId = Callable[[], UUID]


def place(facts: Facts[PurchaseFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Forward only from here on. What is placed was agreed and held at T0."""
    purchase, detail, saga = purchase_of(facts)
    parts = parts_from(detail_of(saga).data)
    nouns = shown(purchase, detail)
    effects: list[Effect] = [
        advance(purchase, "purchase.place"),
        *_authorized(detail, command, new_id),
        *finalized([r for r in detail.reservations if r.state == "held"]),
        moved(saga, "finished", facts.context.now),
        step(saga, "authorize", "done", command),
        step(saga, "place", "done", command),
    ]
    for part in parts:
        effects.extend(_ordered(facts, purchase, detail, part, new_id))
    return Plan(
        effects=tuple(effects),
        nouns=nouns,
        finishes=detail_of(saga).finish(Outcome(nouns=nouns)),
        conditional=tuple(("order", part.order, "order.auto_approve", "auto_approval") for part in parts),
        obliged=lambda obligations: _obliged(purchase, parts, obligations, new_id),
    )


def _authorized(detail: PurchaseFacts, command: Command, new_id: NewId) -> tuple[Effect, ...]:
    if detail.authorization.state == "authorized":  # written down before, while policy did not answer
        return ()
    return answered(detail.authorization, "authorized", command, new_id)


def _ordered(
    facts: Facts[PurchaseFacts], purchase: Purchase, detail: PurchaseFacts, part: Part, new_id: NewId
) -> tuple[Effect, ...]:
    """One order with its lines; its amounts never change again."""
    data = detail_of(_saga(detail)).data
    row = {
        "purchase": purchase.id,
        "vendor": part.vendor,
        "number": f"{detail.number}-{part.ordinal}",
        "placed_by": detail.placed_by,
        "subtotal_minor": part.subtotal_minor,
        "discount_minor": part.discount_minor,
        "tax_minor": part.tax_minor,
        "shipping_minor": part.shipping_minor,
        "handling_minor": part.handling_minor,
        "total_minor": part.total_minor,
        "currency": part.currency,
        "tax_country": data["tax_country"],
        "tax_calculation": data["tax_calculation"],
        "placed_at": facts.context.now,
    }
    payload = {"total_minor": part.total_minor, "currency": part.currency, "number": row["number"]}
    placed: Create = create(
        "order.place", purchase.home, part.order, row, counterparty=part.vendor_home, payload=payload
    )
    about = Ref("order", purchase.home, part.order)
    return (
        placed,
        *(Put("order_items", purchase.home, item.id, _item(part, item)) for item in part.items),
        *ledger.ordered(about, Money(part.total_minor, part.currency), new_id),
    )


def _item(part: Part, item: PartItem) -> dict[str, Any]:
    return {
        "counterparty": part.vendor_home,
        "order_id": part.order,
        "ordinal": item.ordinal,
        "variant": item.variant,
        "variant_home": item.variant_home,
        "sku": item.sku,
        "title": item.title,
        "quantity": item.quantity,
        "unit_price_minor": item.unit_price_minor,
        "subtotal_minor": item.subtotal_minor,
        "discount_minor": item.discount_minor,
        "tax_minor": item.tax_minor,
        "tax_basis_points": item.tax_basis_points,
        "total_minor": item.total_minor,
        "currency": part.currency,
    }


def _obliged(
    purchase: Purchase, parts: Sequence[Part], obligations: Sequence[Obligation], new_id: NewId
) -> tuple[Effect, ...]:
    """What the policy asked for: an approval to be given, or the marketplace's own, which names the rule."""
    by_order = {str(part.order): part for part in parts}
    effects: list[Effect] = []
    for obligation in obligations:
        part = by_order[str(obligation["order"])]
        reason: Mapping[str, str] = obligation["reason"]
        if obligation["kind"] == "auto_approval":
            effects.append(advance(_placed(purchase, part), "order.auto_approve", payload={"rule": reason["code"]}))
        else:
            row = {
                "counterparty": part.vendor_home,
                "order_id": part.order,
                "role": obligation["role"],
                "rule": reason["code"],
                "message": reason["message"],
            }
            effects.append(Put("approval", purchase.home, new_id(), row))
    return tuple(effects)


def _placed(purchase: Purchase, part: Part) -> Resource[None]:
    """The order as this very change makes it."""
    return Resource("order", part.order, purchase.home, part.vendor_home, "placed", 1)


def _saga(detail: PurchaseFacts) -> Resource[SagaFacts]:
    if detail.saga is None:
        raise ValueError("a purchase is placed as a step of its saga")
    return detail.saga
