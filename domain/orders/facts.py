"""What the rules of an order know beyond its state: its lines, its stock, its money, who is asked to approve it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.facts import Facts, Resource
from domain.inventory.reservations import Reservation
from domain.payments.facts import AuthorizationFacts, CaptureFacts
from domain.sagas.facts import SagaFacts


@dataclass(frozen=True, slots=True)
class Item:
    id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """`approvals` are those still unanswered. `capture` is the newest one, `captures` how many there were.

    `shipment` is the one under way; `saga` the newest dispatch.
    """

    purchase: UUID
    number: str
    tax_minor: int
    tax_country: str
    items: tuple[Item, ...]
    reservations: tuple[Reservation, ...]
    approvals: tuple[UUID, ...]
    authorization: Resource[AuthorizationFacts] | None = None
    capture: Resource[CaptureFacts] | None = None
    captures: int = 0
    shipment: Resource[None] | None = None
    saga: Resource[SagaFacts] | None = None


Order = Resource[OrderFacts]


def order_of(facts: Facts[OrderFacts]) -> tuple[Order, OrderFacts]:
    """The order a rule is about, with its detail; the rules run only where there is one."""
    if facts.resource is None or facts.resource.detail is None:
        raise ValueError("an order's rule needs the order")
    return facts.resource, facts.resource.detail
