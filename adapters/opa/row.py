"""The one row that the policy adapter declares: how long, how often, how many; no behaviour."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.breaker import BreakerLimits


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """Nothing is ever tried again and nothing stands in: an answer that is late is no answer."""

    deadline: float
    batch_deadline: float
    connections: int
    breaker: BreakerLimits


ROW = PolicyRow(
    deadline=0.25,
    batch_deadline=0.5,
    connections=64,
    breaker=BreakerLimits(failures=20, open_seconds=0.5),
)
