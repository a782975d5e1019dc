"""How a saga waits: longer each time, by the attempts that its step has behind it; never by a clock of its own."""

from __future__ import annotations

from domain.facts import Resource
from domain.refusals import Denied, InProgress
from domain.sagas.facts import SagaFacts, detail_of
from domain.sagas.steps import Write

LOOK_AFTER_S = 2.0  # an answer that got lost has reached the provider's books by then
GRACE_S = 15  # nothing in the books for so long after the call: it is given up, once the provider closes its key
FIRST_S = 1.0
LONGEST_S = 20.0

_FAULTS = frozenset(
    f"policy.{code}"
    for code in (
        "undefined",
        "empty",
        "not_boolean",
        "not_json",
        "wrong_revision",
        "not_loaded",
        "wrong_decision",
        "error",
    )
)
BUSY = InProgress("This is not decided yet; the same key answers once it is.", retry_after_ms=1000)


def backoff_s(saga: Resource[SagaFacts], step: str) -> float:
    """1, 2, 4, … seconds, at most 20."""
    return min(LONGEST_S, FIRST_S * 2.0 ** min(detail_of(saga).attempts(step), 10))


def later(saga: Resource[SagaFacts], step: str, error: str) -> Write:
    """Nothing can be done now: write down why, and when to look again."""
    args = {"_step": step, "_error": error, "_after_s": backoff_s(saga, step)}
    return Write("saga.advance", saga.ref, args, tells=BUSY)


def is_fault(refusal: Denied) -> bool:
    """A denial that no rule of ours gave: the policy engine answered, but not clean."""
    return bool(refusal.reasons) and refusal.reasons[0].code in _FAULTS
