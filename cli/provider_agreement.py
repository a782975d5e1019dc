"""Whether our books and the payment provider's tell the same story, purchase by purchase; reads ours, judges both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.payments.provider import ProviderAuthorization, ProviderMovementState

if TYPE_CHECKING:
    import asyncpg

CHECK = "payment_provider_agrees"
SAYS = "The provider has every authorization and capture that we have, for the same amounts, and charges nobody else."

# Purchases under way: the provider may be a step ahead of us, and `no_saga_unfinished` watches that they end.
UNDER_WAY = frozenset({"authorizing", "awaiting_provider", "compensating"})

OURS = """
select p.number, p.state as purchase, a.provider_key, a.state, a.amount_minor, a.currency,
       coalesce(c.captured, 0) as captured, coalesce(c.open, 0) as open,
       exists (select from saga s where s.organization = a.organization and s.subject = a.id
                  and s.state in ('running', 'waiting', 'compensating')) as releasing
  from purchase p
  left join "authorization" a on a.organization = p.organization and a.purchase = p.id
  left join lateral (
    select sum(x.amount_minor) filter (where x.state = 'succeeded') as captured,
           count(*) filter (where x.state in ('pending', 'unknown')) as open
      from capture x where x.organization = a.organization and x.authorization_id = a.id) c on true
 order by p.number, a.attempt"""


@dataclass(frozen=True, slots=True)
class Book:
    """One authorization of ours with its purchase; `key` None: a purchase that has none."""

    number: str
    purchase: str
    key: str | None
    state: str | None
    amount: int | None
    currency: str | None
    captured: int
    moving: bool  # a capture or a release is under way


@dataclass(frozen=True, slots=True)
class Difference:
    reference: str
    what: str


async def our_books(connection: asyncpg.Connection) -> list[Book]:
    return [
        Book(
            number=row["number"],
            purchase=row["purchase"],
            key=row["provider_key"],
            state=row["state"],
            amount=row["amount_minor"],
            currency=row["currency"],
            captured=int(row["captured"]),
            moving=row["releasing"] or row["open"] > 0,
        )
        async for row in connection.cursor(OURS, prefetch=1000)
    ]


def differences(ours: Sequence[Book], there: Iterable[ProviderAuthorization]) -> list[Difference]:
    """Each disagreement in words."""
    by_key = {found.key: found for found in there}
    known: dict[str, list[Book]] = defaultdict(list)
    for book in ours:
        known[book.number].append(book)
    told = [_told(book, by_key.get(book.key) if book.key else None) for book in ours]
    strange = [_strange(found, known.get(found.reference, [])) for found in by_key.values()]
    return [difference for difference in (*told, *strange) if difference is not None]


def _told(book: Book, found: ProviderAuthorization | None) -> Difference | None:
    """What we believe of the provider must be so."""
    if book.state not in ("authorized", "voided") or book.purchase in UNDER_WAY or book.moving:
        return None
    if found is None and book.state == "voided":
        return None  # it never heard of it, so there is nothing to take back
    if found is None:
        return Difference(book.number, f"{book.key} is {book.state} here and unknown there")
    if (found.amount, found.currency) != (book.amount, book.currency):
        return Difference(book.number, f"{book.amount} {book.currency} here, {found.amount} {found.currency} there")
    if found.is_charge != (book.state == "authorized"):
        return Difference(book.number, f"{book.key} is {book.state} here and {found.state} there")
    captured = sum(c.amount for c in found.captures if c.state is ProviderMovementState.SUCCEEDED)
    if captured != book.captured:
        return Difference(book.number, f"{book.captured} captured here, {captured} there")
    return None


def _strange(found: ProviderAuthorization, books: Sequence[Book]) -> Difference | None:
    """Nobody is charged without a purchase that stands, or that is still being carried out."""
    if not found.is_charge:
        return None
    if any(book.purchase in UNDER_WAY or book.moving for book in books):
        return None
    if any(book.key == found.key and book.state == "authorized" for book in books):
        return None
    stands = ", ".join(sorted({book.purchase for book in books})) or "unknown"
    return Difference(found.reference, f"{found.amount} {found.currency} charged there, the purchase is {stands} here")
