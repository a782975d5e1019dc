"""T0 of a checkout: a cart becomes a purchase that holds its stock and means to authorize; nobody was called yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.addresses import canonical, violations_of
from domain.carts.facts import Cart, CartFacts, LineFacts, cart_of
from domain.carts.rules import forgotten
from domain.command import Command, Ref
from domain.effects import Effect, NumberTake, Sealed, StockMove, VaultPut
from domain.facts import Facts
from domain.money import LIMIT, Money
from domain.plan import Plan, advance, create
from domain.pricing import TAX_BASIS_POINTS, Line, Priced, price
from domain.purchases.parts import Part, parts_of
from domain.refusals import ChangedPrice, Invalid, OutOfStock, PriceChanged, Refusal, Shortage, invalid
from domain.sagas.rules import started

NewId = Callable[[], UUID]
TOKEN = re.compile(r"pm_[a-z_]{2,40}")
PROVIDER = "sandbox"
HELD_S = 900  # how long stock is held while no provider takes an authorization


@dataclass(frozen=True, slots=True)
class Destination:
    """Where something is sent: the country now, the address itself for the vault."""

    country: str
    text: str | Sealed


def checkout(facts: Facts[CartFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Everything is checked on one snapshot; the database checks stock and versions again."""
    cart, detail = cart_of(facts)
    refused = _unusable(detail, command)
    if refused is not None:
        return refused
    shipping = _destination(detail, command, "shipping_address")
    if isinstance(shipping, Invalid):
        return shipping
    billing = shipping
    if command.args.get("_billing_address") is not None:
        chosen = _destination(detail, command, "billing_address")
        if isinstance(chosen, Invalid):
            return chosen
        billing = chosen
    lines = [Line(line.id, line.offer.price_minor or 0, line.quantity) for line in detail.lines]
    priced = price(lines, shipping.country)
    refused = _other_total(priced, detail, command) or _short(detail.lines)
    if refused is not None:
        return refused
    order = _Order(
        purchase=Ref("purchase", cart.home, new_id()),
        parts=parts_of(detail.lines, priced, detail.currency, new_id),
        total=Money(priced.totals.total_minor, detail.currency),
        shipping=shipping,
        billing=billing,
        token=command.args["_payment_method_token"],
    )
    return _begun(facts, command, order, new_id)


def _unusable(detail: CartFacts, command: Command) -> Refusal | None:
    if not detail.lines:
        return invalid("cartId", "CART_EMPTY", "There is nothing in this cart.")
    for line in detail.lines:
        if not line.offer.sold:
            return invalid("cartId", "NOT_FOR_SALE", f"{line.offer.sku} is not sold at the moment; remove its line.")
    if TOKEN.fullmatch(command.args["_payment_method_token"] or "") is None:
        return invalid("paymentMethodToken", "TOKEN_MALFORMED", "That is no token of a payment form.")
    expected: Money = command.args["expected_total"]
    if expected.currency != detail.currency:
        return invalid("expectedTotal.currency", "CURRENCY_DIFFERS", f"The cart is in {detail.currency}.")
    return None


def _destination(detail: CartFacts, command: Command, name: str) -> Destination | Invalid:
    """The address chosen, from the book or in full; without a choice the only one there is to ship to."""
    field = "shippingAddress" if name == "shipping_address" else "billingAddress"
    choice = command.args.get(f"_{name}")
    if choice is not None and choice.get("address") is not None:
        violations = tuple(violations_of(choice["address"], f"{field}.address"))
        if violations:
            return Invalid("The address is not complete.", violations)
        return Destination(choice["address"]["country"], canonical(choice["address"]))
    entry: Ref | None = choice.get("address_book_entry") if choice is not None else None
    usable = [a for a in detail.addresses if (a.ship_to if name == "shipping_address" else a.bill_to)]
    found = [a for a in usable if entry is None or a.id == entry.id]
    if len(found) != 1:
        return invalid(field, "ADDRESS_MISSING", "Say which address; the organization's book does not settle it.")
    if found[0].country not in TAX_BASIS_POINTS:
        return invalid(field, "COUNTRY_NOT_SERVED", "Nothing is delivered to this country yet.")
    return Destination(found[0].country, found[0].sealed)


def _other_total(priced: Priced, detail: CartFacts, command: Command) -> Refusal | None:
    """What the buyer agreed to pay is what is charged, to the minor unit."""
    expected: Money = command.args["expected_total"]
    if priced.totals.total_minor > LIMIT:
        return invalid("cartId", "LIMIT_REACHED", "The total is beyond what can be paid at once.")
    actual = Money(priced.totals.total_minor, detail.currency)
    if expected == actual:
        return None
    moved = tuple(
        ChangedPrice(
            line.id,
            line.offer.sku,
            Money(line.seen_minor, line.offer.currency),
            Money(line.offer.price_minor or 0, line.offer.currency),
        )
        for line in detail.lines
        if line.seen_minor != line.offer.price_minor
    )
    return PriceChanged("The total is not the one you agreed to; nothing was held or charged.", expected, actual, moved)


def _short(lines: Sequence[LineFacts]) -> OutOfStock | None:
    short = tuple(
        Shortage(line.id, line.offer.sku, line.quantity, max(line.offer.free, 0))
        for line in lines
        if line.quantity > line.offer.free
    )
    return OutOfStock("Not enough stock for all lines; none was held.", short) if short else None


@dataclass(frozen=True, slots=True)
class _Order:
    """What the buyer ordered, with the ids it will have."""

    purchase: Ref
    parts: tuple[Part, ...]
    total: Money
    shipping: Destination
    billing: Destination
    token: str

    @property
    def authorize_key(self) -> str:
        return f"{self.purchase.id}:authorize:1"


def _begun(facts: Facts[CartFacts], command: Command, order: _Order, new_id: NewId) -> Plan:
    cart, detail = cart_of(facts)
    purchase, saga = order.purchase, Ref("saga", cart.home, new_id())
    effects: tuple[Effect, ...] = (
        advance(cart, "checkout.complete", {"purchase": purchase.id}),
        forgotten(cart),
        NumberTake(cart.home, "purchase"),
        create("purchase.begin", cart.home, purchase.id, _bought(detail, command, order, cart.id), counter="purchase"),
        VaultPut(cart.home, purchase.id, "shipping_address", order.shipping.text),
        VaultPut(cart.home, purchase.id, "billing_address", order.billing.text),
        create("authorization.initiate", cart.home, new_id(), _meant(order)),
        *_held(facts, cart, purchase, order.parts, new_id),
        *started(
            saga.id,
            "checkout",
            purchase,
            command,
            facts.context.now,
            data=_data(order.parts, order.shipping.country, new_id),
            steps={"authorize": order.authorize_key, "place": f"{purchase.id}:place:1"},
            decision=facts.decision,
        ),
    )
    named = {line.offer.id: (line.id, line.offer.sku) for line in detail.lines}
    return Plan(effects=effects, nouns={"purchase": purchase, "cart": cart.ref}, saga=saga, lines=named)


def _bought(detail: CartFacts, command: Command, order: _Order, cart: UUID) -> dict[str, Any]:
    return {
        "number": f"{detail.code}-",
        "cart": cart,
        "placed_by": command.actor.person,
        "reference": command.args.get("_reference"),
        "total_minor": order.total.minor,
        "currency": order.total.currency,
        "payment_method": order.token,
        "tax_country": order.shipping.country,
    }


def _meant(order: _Order) -> dict[str, Any]:
    """The intent to authorize, written before the provider hears of it."""
    return {
        "purchase": order.purchase.id,
        "attempt": 1,
        "amount_minor": order.total.minor,
        "currency": order.total.currency,
        "method": order.token,
        "provider": PROVIDER,
        "provider_key": order.authorize_key,
    }


def _held(
    facts: Facts[CartFacts], cart: Cart, purchase: Ref, parts: Sequence[Part], new_id: NewId
) -> tuple[Effect, ...]:
    """Stock of all vendors, all or none; hot rows come last."""
    held_s = int(facts.context.settings.get("hold.stock_s", HELD_S))
    effects: list[Effect] = []
    for part in parts:
        for item in part.items:
            row = {
                "variant": item.variant,
                "quantity": item.quantity,
                "purchase": purchase.id,
                "line": item.id,
                "expires_at": facts.context.now + timedelta(seconds=held_s),
            }
            effects.append(create("reservation.hold", item.variant_home, new_id(), row, counterparty=cart.home))
            effects.append(StockMove(item.variant_home, item.variant, item.quantity, 0))
    return tuple(effects)


def _data(parts: Sequence[Part], country: str, new_id: NewId) -> dict[str, Any]:
    """What T1 places is what was agreed here, whatever the catalog says by then."""
    return {
        "tax_country": country,
        "tax_calculation": str(new_id()),
        "orders": [part.as_json() for part in parts],
    }
