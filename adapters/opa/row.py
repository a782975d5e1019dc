"""The one row that the policy adapter declares: how long, how often, how many; no behaviour."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.breaker import BreakerLimits


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """Nothing is ever tried again and nothing stands in: an answer that is late is no answer.

    `connections` is how many questions are with the engine at once; a burst waits here, where waiting counts for no
    deadline, and not in the engine's queue, where it would look like silence.
    """

    deadline: float
    batch_deadline: float
    connections: int
    breaker: BreakerLimits


ROW = PolicyRow(
    deadline=0.25,
    batch_deadline=0.5,
    connections=8,
    breaker=BreakerLimits(failures=20, open_seconds=0.5),
)
