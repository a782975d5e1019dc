"""What the rules of a cart know: its lines with what they cost now, the variant to add, where it would be delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import pricing
from domain.effects import Sealed
from domain.facts import Facts, Resource


@dataclass(frozen=True, slots=True)
class Offer:
    """One variant as it is sold now. `price_minor` is None where no price is valid yet."""

    id: UUID
    home: UUID  # the vendor organization
    sku: str
    title: str
    currency: str
    price_minor: int | None
    kind: str
    service_state: str
    vendor: UUID
    vendor_state: str
    free: int

    @property
    def sold(self) -> bool:
        return self.service_state == "published" and self.vendor_state == "active" and self.price_minor is not None


@dataclass(frozen=True, slots=True)
class LineFacts:
    id: UUID
    quantity: int
    seen_minor: int
    offer: Offer


@dataclass(frozen=True, slots=True)
class BookAddress:
    """One entry of the organization's address book, still sealed."""

    id: UUID
    country: str
    ship_to: bool
    bill_to: bool
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class CartFacts:
    """`exists` is False for a cart that the first line opens. `line` is the one that an edit names, `offer` the SKU."""

    owner: UUID | None
    currency: str
    exists: bool = True
    lines: tuple[LineFacts, ...] = ()
    addresses: tuple[BookAddress, ...] = ()
    code: str = ""  # of the buyer's organization; its purchases are numbered with it
    opened: int = 0  # how many carts this person opened here in this currency
    offer: Offer | None = None
    line: UUID | None = None


Cart = Resource[CartFacts]


def cart_of(facts: Facts[CartFacts]) -> tuple[Cart, CartFacts]:
    """The cart a rule is about, with its detail; the rules run only where there is one."""
    if facts.resource is None or facts.resource.detail is None:
        raise ValueError("a cart's rule needs the cart")
    return facts.resource, facts.resource.detail


def only_country(detail: CartFacts) -> str | None:
    """Where the cart goes as long as nobody said otherwise: the only address there is to ship to."""
    shippable = [address for address in detail.addresses if address.ship_to]
    return shippable[0].country if len(shippable) == 1 else None


def total_of(lines: Sequence[LineFacts], country: str | None) -> int | None:
    """What the lines cost now, with tax; None where that cannot be said."""
    if country not in pricing.TAX_BASIS_POINTS or any(line.offer.price_minor is None for line in lines):
        return None
    priced = [pricing.Line(line.id, line.offer.price_minor or 0, line.quantity) for line in lines]
    return pricing.price(priced, country).totals.total_minor
