"""Stock, and what is held of it."""

from __future__ import annotations

from enum import auto

import strawberry

from domain.inventory import model
from resolvers import services
from schema.bind import Words, described, listed, noticed, one, paged, shows, taken, told
from schema.changes import Answer, Keyed
from schema.names import PurchaseT, VariantT
from schema.scalars import DateTime
from schema.shared import Node, PageInfo


@listed
class ReservationState(Words):
    """Life of a reservation."""

    HELD = auto()
    FINALIZED = auto()
    RELEASED = auto()
    RETURNED = auto()


@shows(model.Stock)
class Stock:
    """Stock of one variant; what is held never exceeds what is on hand."""

    version: int = strawberry.field(description="Grows with each `stockAdjust`, not with holds; its `expectedVersion`.")
    available: int = strawberry.field(
        description="What a buyer can probably still take: at most 2 seconds old, and never what decides a sale."
    )
    as_of: DateTime
    on_hand: int | None = told("on_hand", group="counts", semantic=True)
    held: int | None = told("held", group="counts", semantic=True)
    reservations: ReservationConnection | None = paged(
        services.RESERVATIONS,
        parent=services.variant_of_stock,
        more={"states": (list[ReservationState] | None, [ReservationState.HELD])},
    )


@shows(model.Reservation)
class Reservation(Node):
    """Stock held for one line of one purchase, for a time."""

    variant: VariantT = one(services.variant_of, semantic=False)
    quantity: int
    state: ReservationState
    purchase: PurchaseT | None = one(services.purchase_of)
    expires_at: DateTime


@described
class ReservationEdge:
    """A reservation on a page."""

    cursor: str
    node: Reservation | None = noticed()


@described
class ReservationConnection:
    """A page of reservations."""

    edges: list[ReservationEdge]
    page_info: PageInfo


@taken
class StockAdjustInput(Keyed):
    """Input of `stockAdjust`."""

    variant_id: strawberry.ID
    delta: int
    reason: str
    expected_version: int


@described
class StockAdjustPayload(Answer):
    """Answer of `stockAdjust`."""

    variant: VariantT | None
