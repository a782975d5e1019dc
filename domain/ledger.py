"""What each step posts in the double-entry ledger of the buyer's organization; docs/data-model.md has the accounts."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from domain.command import Ref
from domain.effects import Effect, Post
from domain.money import Money

COMMITTED = "memo:committed"  # ordered and not yet charged, by buyers
EXPECTED = "memo:expected"  # ordered and not yet charged, of vendors
CLEARING = "provider:clearing"  # the provider holds it for us


def payable(vendor: UUID) -> str:
    """What the platform owes one vendor organization."""
    return f"vendor:{vendor}"


def tax(country: str) -> str:
    """What is owed to one country's tax office."""
    return f"tax:{country}"


def ordered(order: Ref, total: Money, new_id: Callable[[], UUID]) -> tuple[Effect, ...]:
    return _posts(order, total.currency, new_id, (COMMITTED, EXPECTED, total.minor))


def given_up(order: Ref, total: Money, new_id: Callable[[], UUID]) -> tuple[Effect, ...]:
    """Rejected or cancelled before it was charged."""
    return _posts(order, total.currency, new_id, (EXPECTED, COMMITTED, total.minor))


def charged(
    order: Ref, total: Money, *, tax_minor: int, country: str, vendor: UUID, new_id: Callable[[], UUID]
) -> tuple[Effect, ...]:
    """Captured: the provider has the money for us, the vendor and the tax office are owed it."""
    return _posts(
        order,
        total.currency,
        new_id,
        (EXPECTED, COMMITTED, total.minor),
        (CLEARING, payable(vendor), total.minor - tax_minor),
        (CLEARING, tax(country), tax_minor),
    )


def _posts(
    order: Ref, currency: str, new_id: Callable[[], UUID], *transfers: tuple[str, str, int]
) -> tuple[Effect, ...]:
    return tuple(
        Post(order.home, new_id(), debit, credit, amount, currency, order.id)
        for debit, credit, amount in transfers
        if amount
    )
