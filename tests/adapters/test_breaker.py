"""The breaker's bookkeeping, with time in the test's hand."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.breaker import Breaker, BreakerLimits, BreakerState, Ticket

LIMITS = BreakerLimits(failures=3, open_seconds=10.0)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _admitted(breaker: Breaker) -> Ticket:
    ticket = breaker.admit()
    assert ticket is not None
    return ticket


def _state(breaker: Breaker) -> BreakerState:
    return breaker.state


def _opened(clock: Clock, limits: BreakerLimits = LIMITS) -> Breaker:
    breaker = Breaker(limits, clock)
    for _ in range(limits.failures):
        breaker.settle(_admitted(breaker), healthy=False)
    return breaker


def test_it_opens_after_enough_failures_in_a_row_and_admits_nobody() -> None:
    breaker = Breaker(LIMITS, Clock())
    for _ in range(2):
        breaker.settle(_admitted(breaker), healthy=False)
        assert _state(breaker) is BreakerState.CLOSED
    breaker.settle(_admitted(breaker), healthy=False)
    assert (breaker.state, breaker.admit()) == (BreakerState.OPEN, None)


def test_one_success_starts_the_count_anew() -> None:
    breaker = Breaker(LIMITS, Clock())
    for healthy in (False, False, True, False, False):
        breaker.settle(_admitted(breaker), healthy=healthy)
    assert _state(breaker) is BreakerState.CLOSED


def test_a_call_that_told_nothing_counts_for_nothing() -> None:
    breaker = Breaker(LIMITS, Clock())
    for healthy in (False, None, False, None, None):
        breaker.settle(_admitted(breaker), healthy=healthy)
    assert _state(breaker) is BreakerState.CLOSED
    breaker.settle(_admitted(breaker), healthy=False)
    assert _state(breaker) is BreakerState.OPEN


def test_after_its_time_it_lets_one_probe_through() -> None:
    clock = Clock()
    breaker = _opened(clock)
    clock.now = 9.999
    assert breaker.admit() is None
    clock.now = 10.0
    assert _state(breaker) is BreakerState.HALF_OPEN
    assert (breaker.admit() is None, breaker.admit()) == (False, None)


def test_a_good_probe_closes_it_and_a_bad_one_opens_it_for_the_whole_time_again() -> None:
    clock = Clock()
    for healthy, state in ((True, BreakerState.CLOSED), (False, BreakerState.OPEN)):
        clock.now = 0.0
        breaker = _opened(clock)
        clock.now = 10.0
        breaker.settle(_admitted(breaker), healthy=healthy)
        clock.now = 19.999
        assert _state(breaker) is state


def test_a_probe_that_told_nothing_leaves_its_place_to_the_next() -> None:
    clock = Clock()
    breaker = _opened(clock)
    clock.now = 10.0
    breaker.settle(_admitted(breaker), healthy=None)
    assert _state(breaker) is BreakerState.HALF_OPEN
    breaker.settle(_admitted(breaker), healthy=True)
    assert _state(breaker) is BreakerState.CLOSED


def test_an_answer_from_before_it_opened_neither_closes_nor_opens_it() -> None:
    for healthy in (True, False):
        clock = Clock()
        breaker = Breaker(LIMITS, clock)
        late = _admitted(breaker)
        for _ in range(3):
            breaker.settle(_admitted(breaker), healthy=False)
        clock.now = 10.0
        probe = _admitted(breaker)
        breaker.settle(late, healthy=healthy)
        assert (breaker.state, breaker.admit()) == (BreakerState.HALF_OPEN, None)
        breaker.settle(probe, healthy=True)
        assert _state(breaker) is BreakerState.CLOSED


def test_as_many_probes_as_the_limits_say() -> None:
    clock = Clock()
    breaker = _opened(clock, BreakerLimits(failures=1, open_seconds=10.0, probes=2))
    clock.now = 10.0
    assert [breaker.admit() is None for _ in range(3)] == [False, False, True]


STEPS = st.lists(
    st.one_of(st.just("admit"), st.floats(0, 20), st.tuples(st.integers(0, 5), st.sampled_from([True, False, None]))),
    max_size=60,
)


@given(STEPS)
def test_it_always_recovers_and_never_probes_more_than_allowed(steps: list[object]) -> None:
    clock = Clock()
    breaker, held = Breaker(LIMITS, clock), list[Ticket]()
    for step in steps:
        if isinstance(step, float):
            clock.now += step
        elif isinstance(step, tuple) and held:
            breaker.settle(held.pop(step[0] % len(held)), healthy=step[1])
        elif (ticket := breaker.admit()) is not None:
            held.append(ticket)
            if _state(breaker) is BreakerState.HALF_OPEN:
                assert breaker.admit() is None
    for ticket in held:
        breaker.settle(ticket, healthy=None)
    clock.now += LIMITS.open_seconds
    breaker.settle(_admitted(breaker), healthy=True)
    assert _state(breaker) is BreakerState.CLOSED
