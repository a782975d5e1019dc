"""The one row that the payments adapter declares: how long, how often, how many; no behaviour."""

from dataclasses import dataclass

from adapters.breaker import BreakerLimits


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """Exponential with full jitter; whoever owns the timer waits, the adapter itself never does."""

    base: float
    factor: float
    cap: float
    attempts: int

    def delay(self, attempt: int, draw: float) -> float:
        """`attempt` counts from 0; `draw` is a random number in [0, 1) brought by the caller."""
        # An exponent of 64 is beyond every cap; more would overflow a float for a long outage.
        return min(self.cap, self.base * self.factor ** min(attempt, 64)) * draw


@dataclass(frozen=True, slots=True)
class PaymentsRow:
    timeout: float
    connect_timeout: float
    # Seconds for which a connection that nobody uses is kept. Less than providers keep theirs, which is five and more:
    # a call on a connection that the other side closes at that instant is lost, and whether it was heard is unknown.
    idle: float
    retry: RetrySchedule
    # Calls in flight at once; what waits for longer than `connect_timeout` was never sent.
    budget: int
    # Calls a second the provider allows; None: it declares no limit.
    rate: float | None
    breaker: BreakerLimits
    # Another provider to ask instead; None: none, and an unknown outcome never moves anyway.
    fallback: str | None
    # Several partial captures of one authorization are allowed.
    multicapture: bool


ROW = PaymentsRow(
    timeout=5.0,
    connect_timeout=1.0,
    idle=2.0,
    retry=RetrySchedule(base=0.5, factor=2.0, cap=30.0, attempts=20),
    budget=64,
    rate=None,
    breaker=BreakerLimits(failures=10, open_seconds=5.0),
    fallback=None,
    multicapture=True,
)
