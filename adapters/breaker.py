"""A circuit breaker as bookkeeping only: it neither calls nor waits, time comes from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class BreakerLimits:
    """Opens after `failures` in a row, for `open_seconds`, then lets `probes` calls try."""

    failures: int
    open_seconds: float
    probes: int = 1


Ticket = NewType("Ticket", int)


class Breaker:
    """Each admitted call holds a ticket and settles it once.

    A ticket belongs to the phase that gave it: the late answer of a call that began before the
    breaker opened says nothing about the provider now, and is ignored.
    """

    def __init__(self, limits: BreakerLimits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._state = BreakerState.CLOSED
        self._phase = 0
        self._failures = 0
        self._probing = 0
        self._opened_at = 0.0

    @property
    def state(self) -> BreakerState:
        if self._state is BreakerState.OPEN:
            waited = self._clock() - self._opened_at
            if waited >= self._limits.open_seconds:
                self._enter(BreakerState.HALF_OPEN)
        return self._state

    def admit(self) -> Ticket | None:
        match self.state:
            case BreakerState.OPEN:
                return None
            case BreakerState.HALF_OPEN:
                if self._probing >= self._limits.probes:
                    return None
                self._probing += 1
        return Ticket(self._phase)

    def settle(self, ticket: Ticket, *, healthy: bool | None) -> None:
        """`None` is a call that ended without telling anything, such as a cancelled one."""
        if ticket != self._phase:
            return
        if self._state is BreakerState.HALF_OPEN:
            self._settle_probe(healthy=healthy)
        elif healthy:
            self._failures = 0
        elif healthy is False:
            self._failures += 1
            if self._failures >= self._limits.failures:
                self._enter(BreakerState.OPEN)

    def _settle_probe(self, *, healthy: bool | None) -> None:
        if healthy is None:
            self._probing -= 1
        else:
            self._enter(BreakerState.CLOSED if healthy else BreakerState.OPEN)

    def _enter(self, state: BreakerState) -> None:
        self._state = state
        self._phase += 1
        self._failures = 0
        self._probing = 0
        if state is BreakerState.OPEN:
            self._opened_at = self._clock()
