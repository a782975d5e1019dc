"""Holding stock and giving it back: effects of a reservation with the stock it moves; whether, others decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.effects import Effect, StockMove
from domain.facts import Resource
from domain.plan import advance


@dataclass(frozen=True, slots=True)
class ReservationFacts:
    variant: UUID
    quantity: int
    item: UUID  # the order item it is for


Reservation = Resource[ReservationFacts]


def finalized(reservations: Sequence[Reservation]) -> tuple[Effect, ...]:
    """Sold: what was held leaves the shelf."""
    return _moved(reservations, "reservation.finalize", reserved=-1, on_hand=-1)


def released(reservations: Sequence[Reservation]) -> tuple[Effect, ...]:
    """Not bought after all: the hold ends."""
    return _moved(reservations, "reservation.release", reserved=-1, on_hand=0)


def returned(reservations: Sequence[Reservation]) -> tuple[Effect, ...]:
    """Sold, but never sent: it is on the shelf again."""
    return _moved(reservations, "reservation.return", reserved=0, on_hand=1)


def _moved(reservations: Sequence[Reservation], action: str, *, reserved: int, on_hand: int) -> tuple[Effect, ...]:
    effects: list[Effect] = []
    for reservation in reservations:
        facts = facts_of(reservation)
        effects.append(advance(reservation, action))
        effects.append(StockMove(reservation.home, facts.variant, reserved * facts.quantity, on_hand * facts.quantity))
    return tuple(effects)


def facts_of(reservation: Reservation) -> ReservationFacts:
    if reservation.detail is None:
        raise ValueError("a reservation without its facts")
    return reservation.detail
