"""Moves of a saga's own row and its steps, shared by the rules of every kind; `next_step` of each kind says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.command import Command, Outcome, Ref
from domain.effects import Advance, Create, StepRecord
from domain.facts import Facts, Resource
from domain.plan import Plan, Rule, advance, create
from domain.refusals import Refusal
from domain.sagas.facts import SagaFacts, SagaKind, detail_of

DRIVEN_S = 10  # how long whoever wrote last has the saga to itself before another process takes over
FIRST_FENCE = 1  # a saga is created together with its lease
Steps = Mapping[str, str]  # key sent to the provider, by step


def started(
    id: UUID,
    kind: SagaKind,
    about: Ref,
    command: Command,
    now: datetime,
    *,
    data: Mapping[str, Any],
    steps: Steps,
    decision: UUID | None,
    counterparty: UUID | None = None,
    finishes: bool = True,
    after_s: int = DRIVEN_S,
) -> tuple[Create | StepRecord, ...]:
    """A new saga in the home of what it is about. `finishes`: the client's key waits for its outcome."""
    keyed = finishes and command.key is not None
    behalf = command.actor.on_behalf_of
    row = {
        "kind": kind,
        "subject_noun": about.noun,
        "subject": about.id,
        "attempt": 1,
        "person": behalf.person if behalf else command.actor.person,
        "acting_for": behalf.organization if behalf else command.actor.organization,
        "decision": decision,
        "key_action": command.action if keyed else None,
        "key": command.key if keyed else None,
        "fingerprint": command.fingerprint if keyed else None,
        "data": dict(data),
        "next_attempt_at": now + timedelta(seconds=after_s),
    }
    begun = create("saga.start", about.home, id, row, counterparty=counterparty, payload={"kind": kind})
    pending = (StepRecord(about.home, id, name, "pending", 0, key, 0) for name, key in steps.items())
    return (begun, *pending)


def moved(saga: Resource[SagaFacts], target: str, now: datetime, *, after_s: float | None = None) -> Advance:
    """One `saga.advance` to `target`; without `after_s` nobody needs to look at it again.

    The database refuses it without a `step`, whose fence proves the lease.
    """
    due = None if after_s is None else now + timedelta(seconds=after_s)
    return advance(saga, "saga.advance", {"next_attempt_at": due}, target=target)


def turned(saga: Resource[SagaFacts], now: datetime, reason: str) -> tuple[Advance, ...]:
    """The policy said no to a step: the journal says why, and the saga turns round."""
    due = {"next_attempt_at": now + timedelta(seconds=DRIVEN_S)}
    payload = {"reason": reason}
    if saga.state == "running":
        return (advance(saga, "saga.deny_step", due, payload),)
    again = advance(saga, "saga.advance", target="running")
    return (again, advance(saga, "saga.deny_step", due, payload, source="running", version=saga.version + 1))


def step(
    saga: Resource[SagaFacts],
    name: str,
    state: Any,
    command: Command,
    *,
    key: str = "",
    error: str | None = None,
) -> StepRecord:
    """How far one step is now; every try counts."""
    known = detail_of(saga).steps.get(name)
    return StepRecord(
        organization=saga.home,
        saga=saga.id,
        step=name,
        state=state,
        attempt=(known.attempts if known else 0) + 1,
        key=key or (known.key if known else name),
        fence=int(command.args["_fence"]),
        error=error,
    )


def advanced(facts: Facts[SagaFacts], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """The saga moves by itself: it waits, it is done, or (with `_refusal`) policy ended it with nothing to give back.

    `_step` is what is tried, `_error` why it could not be done.
    """
    saga = facts.resource
    if saga is None:
        raise ValueError("a saga's rule needs the saga")
    if command.args.get("_refusal") is not None:
        return _ended(saga, facts, command)
    name, now = str(command.args["_step"]), facts.context.now
    if command.args.get("_done"):
        return Plan((moved(saga, "finished", now), step(saga, name, "done", command)), nouns={"saga": saga.ref})
    back = saga.state == "compensating"
    return Plan(
        effects=(
            moved(saga, "compensating" if back else "waiting", now, after_s=float(command.args["_after_s"])),
            step(saga, name, "compensating" if back else "running", command, error=command.args.get("_error")),
        ),
        nouns={"saga": saga.ref},
    )


def _ended(saga: Resource[SagaFacts], facts: Facts[SagaFacts], command: Command) -> Plan:
    """The step is denied for good; whoever waits for the outcome is told why."""
    detail, refusal = detail_of(saga), command.args["_refusal"]
    turns = turned(saga, facts.context.now, str(command.args["_denied"]))
    failed = advance(
        saga,
        "saga.advance",
        {"next_attempt_at": None},
        source="compensating",
        target="failed",
        version=saga.version + len(turns),
    )
    nouns = {detail.about.noun: detail.about}
    return Plan(
        effects=(
            *turns,
            failed,
            step(saga, str(command.args["_step"]), "failed", command, error=str(command.args["_denied"])),
        ),
        nouns=nouns,
        finishes=detail.finish(Outcome(nouns=nouns, refusal=refusal)),
    )


RULES: dict[str, Rule] = {"saga.advance": advanced}
