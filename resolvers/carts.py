"""Carts: priced as they are now, with everything that would stop a checkout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db import carts, people
from domain import pricing
from domain.carts.model import Cart, CartLine, LineNow
from domain.command import Ref
from domain.money import Money
from domain.page import Wanted
from domain.people.model import AddressBookEntry
from domain.totals import LineTotals, PriceStep, RateQuote, Totals
from resolvers.context import Context
from resolvers.nodes import nodes, organization, person
from resolvers.paging import Listing

CARTS = Listing(carts.OF_BUYER, "updated_at")
_MESSAGES = {
    "price_changed": "The price is not the one you saw.",
    "out_of_stock": "There is not enough in stock.",
    "not_published": "It is no longer on sale.",
    "vendor_suspended": "Its vendor does not sell right now.",
    "address_missing": "Say where it shall go: there is no address in the book, or more than one.",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that would make a checkout refuse, and the line it is on."""

    kind: str
    message: str
    line: Ref | None = None


@dataclass(frozen=True, slots=True)
class PricedCart:
    """`totals` is None while nobody can say where it goes."""

    totals: Totals | None
    lines: Mapping[UUID, LineTotals]
    issues: tuple[Issue, ...]


def buyer_of(context: Context, cart: Cart) -> Ref | None:
    return organization(context, cart.home)


def owner_of(context: Context, cart: Cart) -> Ref | None:
    return person(context, cart.owner)


def purchase_of(context: Context, cart: Cart) -> Ref | None:
    return None if cart.purchase is None else Ref("purchase", cart.home, cart.purchase)


def variant_of(context: Context, line: CartLine) -> Ref:
    return Ref("variant", line.variant_home, line.variant)


async def open_cart(context: Context) -> Cart | None:
    """The viewer's own newest open cart in the acting organization."""
    page = Wanted("updated_at", descending=True, first=1, after=None, filter=mine(context) | {"states": ["open"]})
    (found,) = await context.pages(carts.OF_BUYER, [context.seer_ref], page)
    return found.items[0] if found.items else None


def mine(context: Context) -> dict[str, Any]:
    """The filter that leaves the viewer's own carts."""
    return {"owner": context.seer.person}


async def destinations_of(context: Context, asked: Sequence[Cart]) -> Sequence[AddressBookEntry | None]:
    """Where each cart goes as long as nobody said otherwise: the only address there is to ship to."""
    parents = [Ref("organization", context.seer.platform, cart.home) for cart in asked]
    books = await context.under(people.ENTRIES, parents)
    shippable = [[entry for entry in book if entry.ship_to] for book in books]
    return [mine[0] if len(mine) == 1 else None for mine in shippable]


async def priced_carts(context: Context, asked: Sequence[Cart]) -> Sequence[PricedCart]:
    """Every line at its price now, taxed where the cart goes."""
    offers = await carts.offers(context.asked, [cart.ref for cart in asked])
    entries = await destinations_of(context, asked)
    return [
        _priced(cart, lines, entry.country if entry else None)
        for cart, lines, entry in zip(asked, offers, entries, strict=True)
    ]


async def priced_carts_by_ref(context: Context, refs: Sequence[Ref]) -> Sequence[PricedCart | None]:
    """The same for carts that are known by reference, such as those of lines."""
    found = await nodes(context, refs)
    priced = await priced_carts(context, [cart for cart in found if isinstance(cart, Cart)])
    remaining = iter(priced)
    return [next(remaining) if isinstance(cart, Cart) else None for cart in found]


def _priced(cart: Cart, lines: Sequence[LineNow], country: str | None) -> PricedCart:
    served = country if country in pricing.TAX_BASIS_POINTS else None
    asked = [pricing.Line(line.id, _unit(line), line.quantity) for line in lines]
    # Without an address nothing is taxed yet; the lines still say what they cost.
    priced = pricing.price(asked, served or next(iter(pricing.TAX_BASIS_POINTS)))
    shown = {line.key: _line(line, cart.currency, taxed=served is not None) for line in priced.lines}
    issues = [issue for line in lines for issue in _issues(cart, line)]
    if served is None:
        issues.append(Issue("address_missing", _MESSAGES["address_missing"]))
    return PricedCart(_totals(cart, priced.totals) if served else None, shown, tuple(issues))


def _unit(line: LineNow) -> int:
    """What is no longer on sale keeps the price that was seen."""
    return line.seen_minor if line.price_minor is None else line.price_minor


def _issues(cart: Cart, line: LineNow) -> Sequence[Issue]:
    kinds = []
    if not line.published or line.price_minor is None:
        kinds.append("not_published")
    elif line.price_minor != line.seen_minor:
        kinds.append("price_changed")
    if line.vendor_state not in (None, "active"):
        kinds.append("vendor_suspended")
    if line.free is not None and line.free < line.quantity:
        kinds.append("out_of_stock")
    return [Issue(kind, _MESSAGES[kind], Ref("cart_line", cart.home, line.id)) for kind in kinds]


def _line(line: pricing.PricedLine, currency: str, *, taxed: bool) -> LineTotals:
    steps = [step for step in line.steps if taxed or step.kind != "TAX"]
    tax = line.tax_minor if taxed else 0
    return LineTotals(
        unit_price=Money(line.unit_minor, currency),
        subtotal=Money(line.subtotal_minor, currency),
        discount=Money(line.discount_minor, currency),
        tax=Money(tax, currency),
        total=Money(line.subtotal_minor - line.discount_minor + tax, currency),
        steps=tuple(
            PriceStep(
                kind=step.kind.lower(),
                label=step.label,
                amount=Money(step.amount_minor, currency),
                basis_points=step.basis_points,
            )
            for step in steps
        ),
    )


def _totals(cart: Cart, totals: pricing.Totals) -> Totals:
    quote = RateQuote(provider="table", calculation_id=str(cart.id), as_of=datetime.now(UTC))
    return Totals(
        subtotal=Money(totals.subtotal_minor, cart.currency),
        discount=Money(totals.discount_minor, cart.currency),
        tax=Money(totals.tax_minor, cart.currency),
        shipping=Money(totals.shipping_minor, cart.currency),
        handling=Money(totals.handling_minor, cart.currency),
        total=Money(totals.total_minor, cart.currency),
        tax_quote=quote,
        frozen_at=None,
    )
