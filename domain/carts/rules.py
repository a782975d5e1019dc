"""What opening, filling and giving up a cart does; turning it into a purchase stands in `domain/purchases/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from domain.carts.facts import Cart, CartFacts, LineFacts, Offer, cart_of, only_country, total_of
from domain.command import Command, Ref
from domain.effects import Advance, CartLineAdd, CartLinePut, Create, Effect, TimerClear, TimerSet
from domain.facts import Facts
from domain.plan import Plan, Rule, advance, create
from domain.refusals import Invalid, NotFound, Refusal, invalid

NewId = Callable[[], UUID]
MOST_UNITS = 10_000
MOST_LINES = 200
KEPT_S = 30 * 86_400  # an open cart that nobody touches is given up then


def open_cart(facts: Facts[CartFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """A new, empty cart of whoever asks."""
    cart, detail = cart_of(facts)
    organization: Ref = command.args["organization"]
    if organization.id != cart.home:
        return invalid("organizationId", "NOT_ACTING_FOR", "Switch to that organization to open a cart for it.")
    return Plan(
        effects=(_opened(cart, detail), kept(cart.ref)),
        nouns={"cart": cart.ref},
    )


def add_line(facts: Facts[CartFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Units are added, never set, so that parallel additions all count; without a cart one is opened."""
    cart, detail = cart_of(facts)
    offer, quantity = detail.offer, command.args["quantity"]
    if offer is None:
        return invalid("sku", "SKU_UNKNOWN", "No such SKU is sold here.")
    line = uuid5(cart.id, str(offer.id))
    had = next((item for item in detail.lines if item.offer.id == offer.id), None)
    units = quantity + (had.quantity if had else 0)
    refused = _unsellable(offer, detail) or _too_much(units, detail, new=had is None)
    if refused is not None:
        return refused
    row = {
        "variant": offer.id,
        "variant_home": offer.home,
        "sku": offer.sku,
        "seen_price_minor": offer.price_minor,
        "currency": offer.currency,
    }
    changed = LineFacts(line, units, offer.price_minor or 0, offer)
    others = [item for item in detail.lines if item is not had]
    opened: tuple[Effect, ...] = () if detail.exists else (_opened(cart, detail),)
    return Plan(
        effects=(
            *opened,
            _edited(cart, detail, command, [*others, changed]),
            CartLineAdd(cart.home, cart.id, line, quantity, row),
            kept(cart.ref),
        ),
        nouns={"cart": cart.ref, "line": Ref("cart_line", cart.home, line)},
    )


def update_line(facts: Facts[CartFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Set a line's quantity; the price it has now is the one that was seen."""
    cart, detail = cart_of(facts)
    line = _line(detail)
    if line is None:
        return NotFound()
    quantity = command.args.get("quantity")
    units = line.quantity if quantity is None else quantity
    refused = _unsellable(line.offer, detail, "lineId") or _too_much(units, detail, new=False)
    if refused is not None:
        return refused
    put = {"quantity": units, "seen_price_minor": line.offer.price_minor}
    lines = [replace(item, quantity=units) if item is line else item for item in detail.lines]
    return Plan(
        effects=(
            _edited(cart, detail, command, lines),
            CartLinePut(cart.home, cart.id, line.id, put),
            kept(cart.ref),
        ),
        nouns={"cart": cart.ref, "line": Ref("cart_line", cart.home, line.id)},
    )


def remove_line(facts: Facts[CartFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    cart, detail = cart_of(facts)
    line = _line(detail)
    if line is None:
        return NotFound()
    return Plan(
        effects=(
            _edited(cart, detail, command, [item for item in detail.lines if item is not line]),
            CartLinePut(cart.home, cart.id, line.id, None),
            kept(cart.ref),
        ),
        nouns={"cart": cart.ref},
        values={"removed_line": Ref("cart_line", cart.home, line.id)},
    )


def end(facts: Facts[CartFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Abandoned by its owner, or by time: no timer is left."""
    cart, _ = cart_of(facts)
    return Plan(effects=(advance(cart, command.action), forgotten(cart)), nouns={"cart": cart.ref})


def _line(detail: CartFacts) -> LineFacts | None:
    return next((line for line in detail.lines if line.id == detail.line), None)


def _unsellable(offer: Offer, detail: CartFacts, field: str = "sku") -> Invalid | None:
    if not offer.sold:
        return invalid(field, "NOT_FOR_SALE", f"{offer.sku} is not sold at the moment.")
    if offer.kind != "stock":
        return invalid(field, "NOT_STOCK", f"{offer.sku} is booked by time; only goods can be put into a cart.")
    if offer.currency != detail.currency:
        return invalid(field, "CURRENCY_DIFFERS", f"{offer.sku} is sold in {offer.currency}, not {detail.currency}.")
    return None


def _too_much(units: int, detail: CartFacts, *, new: bool) -> Invalid | None:
    if not 1 <= units <= MOST_UNITS:
        return invalid("quantity", "RANGE", f"A line holds 1 to {MOST_UNITS} units; this would make {units}.")
    if new and len(detail.lines) >= MOST_LINES:
        return invalid("sku", "LIMIT_REACHED", f"A cart holds at most {MOST_LINES} lines.")
    return None


def _opened(cart: Cart, detail: CartFacts) -> Create:
    row = {"owner": detail.owner, "currency": detail.currency}
    return create("cart.create", cart.home, cart.id, row, payload={"currency": detail.currency})


def _edited(cart: Cart, detail: CartFacts, command: Command, lines: Sequence[LineFacts]) -> Advance:
    """The cart must be open, whatever version it is at, unless the client named one."""
    total: dict[str, Any] = {"edited_total_minor": total_of(lines, only_country(detail))}
    edit = advance(cart, command.action, total)
    return replace(edit, any_version=command.expected_version is None)


def kept(cart: Ref) -> TimerSet:
    """From now on the cart expires as a new one would."""
    return TimerSet(cart.home, "cart", cart.id, "cart.expire", KEPT_S)


def forgotten(cart: Cart) -> TimerClear:
    return TimerClear(cart.home, "cart", cart.id, "cart.expire")


RULES: dict[str, Rule] = {
    "cart.create": open_cart,
    "cart_line.add": add_line,
    "cart_line.update": update_line,
    "cart_line.remove": remove_line,
    "cart.abandon": end,
    "cart.expire": end,
}
