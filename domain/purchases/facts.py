"""What the rules of a purchase know: its cart, its hold, its authorization, the saga that carries it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.command import Ref
from domain.facts import Facts, Resource
from domain.inventory.reservations import Reservation
from domain.payments.facts import AuthorizationFacts
from domain.sagas.facts import SagaFacts


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """`failure` is the refusal it failed with, as JSON; `expires_at` when its hold may be given up."""

    number: str
    placed_by: UUID
    cart: Resource[None]
    authorization: Resource[AuthorizationFacts]
    reservations: tuple[Reservation, ...]
    expires_at: datetime
    failure: Mapping[str, Any] | None
    saga: Resource[SagaFacts] | None = None


Purchase = Resource[PurchaseFacts]


def purchase_of(facts: Facts[PurchaseFacts]) -> tuple[Purchase, PurchaseFacts, Resource[SagaFacts]]:
    """The purchase a rule is about, with its detail and its saga; it moves only as a step of that."""
    if facts.resource is None or facts.resource.detail is None or facts.resource.detail.saga is None:
        raise ValueError("a purchase's rule needs the purchase and its saga")
    return facts.resource, facts.resource.detail, facts.resource.detail.saga


def shown(purchase: Purchase, detail: PurchaseFacts) -> dict[str, Ref]:
    """What the client of a checkout gets to see."""
    return {"purchase": purchase.ref, "cart": detail.cart.ref}
