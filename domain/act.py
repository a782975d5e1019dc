"""The one way of a change: read, ask, decide, write; repeated while a proof no longer holds, at most three times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.change import (
    Change,
    ChangeAnswer,
    Decision,
    Done,
    Exhausted,
    Exists,
    Fenced,
    Idempotency,
    Mismatch,
    Replay,
    Short,
    Stale,
    Stored,
)
from domain.command import Command, Outcome
from domain.decide import decision_of, fixed_decision, refusal_of
from domain.facts import Facts
from domain.machines import ACTIONS
from domain.outcomes import from_stored, to_stored
from domain.plan import Plan
from domain.ports import Ports
from domain.proofs import proofs_of
from domain.question import question
from domain.refusals import (
    STORED,
    Conflict,
    Denied,
    IdempotencyMismatch,
    InProgress,
    NotFound,
    OutOfStock,
    Refusal,
    Shortage,
    Unavailable,
    invalid,
)
from domain.rules import rule_of

ASKS = 3


class LeaseLostError(Exception):
    """A saga step was refused because another process holds the saga by now."""


async def act(command: Command, ports: Ports) -> Outcome:
    """Carry out one command; every expected no comes back as `Outcome.refusal`.

    Raises `LeaseLostError` for a saga step whose fence has moved on.
    """
    lost: ChangeAnswer | None = None
    for _ in range(ASKS):
        answer = await _attempt(command, ports)
        if isinstance(answer, Outcome):
            return answer
        lost = answer
    return await _give_up(command, lost, ports)


async def _attempt(command: Command, ports: Ports) -> Outcome | ChangeAnswer:
    """One round; anything but an `Outcome` says what moved meanwhile."""
    facts = await ports.store.facts(command)
    if facts.stored is not None:
        return replay(command, facts.stored)
    if facts.resource is None and ACTIONS[command.action].creates:
        return Outcome(refusal=NotFound())  # what it would belong to is not there, or not for this organization
    decision_id = ports.new_id()
    facts = replace(facts, decision=decision_id)
    planned = _planned(command, facts, ports)
    plan = planned if isinstance(planned, Plan) else None
    decision, refusal = await _decide(command, facts, plan, decision_id, ports)
    if refusal is None and not isinstance(planned, Plan):
        refusal = planned
    if refusal is not None:
        return await _refuse(command, decision, refusal, ports)
    if plan is None:
        raise RuntimeError(f"{command.action}: allowed without a plan")
    if command.dry_run:
        resource = facts.resource
        return Outcome(nouns={k: ref for k, ref in plan.nouns.items() if resource and ref == resource.ref})
    return await _write(command, facts, plan, decision, ports)


def replay(command: Command, stored: Stored) -> Outcome:
    """What a used key answers: the outcome that was kept, or that the input differs."""
    if stored.fingerprint != command.fingerprint:
        return Outcome(refusal=IdempotencyMismatch())
    return from_stored(stored)


def _planned(command: Command, facts: Facts[Any], ports: Ports) -> Plan | Refusal | None:
    """What the action's rule says; None where the machine has no edge from here or there is no resource."""
    resource = facts.resource
    if resource is None or ACTIONS[command.action].target_from(resource.state) is None:
        return None
    return rule_of(command.action)(facts, command, ports.new_id)


async def _decide(
    command: Command, facts: Facts[Any], plan: Plan | None, decision_id: UUID, ports: Ports
) -> tuple[Decision, Refusal | None]:
    """Ask once (or take the fixed answer) and say what refuses, if anything does."""
    if ACTIONS[command.action].decider == "fixed":
        decision = fixed_decision(command, facts, plan, decision_id)
        return decision, refusal_of(command, facts, decision, None)
    answer = await ports.policy.decide(question(command, facts, plan, decision_id))
    decision = decision_of(command, facts, plan, answer, decision_id)
    return decision, refusal_of(command, facts, decision, answer)


async def _refuse(command: Command, decision: Decision, refusal: Refusal, ports: Ports) -> Outcome:
    """Keep what must be kept of a no: the denial, or the final outcome under its key."""
    if command.dry_run:
        return Outcome(refusal=refusal)
    if isinstance(refusal, Denied | Unavailable):
        await ports.store.deny(decision)
    return await _remember(command, refusal, ports)


async def _remember(command: Command, refusal: Refusal, ports: Ports) -> Outcome:
    """A refusal that is final for its key is stored; a twin may have stored another outcome first."""
    outcome = Outcome(refusal=refusal)
    if command.dry_run or not isinstance(refusal, STORED):
        return outcome
    idempotency = idempotency_of(command, outcome)
    if idempotency is None:
        return outcome
    stored = await ports.store.remember(idempotency)
    return outcome if stored.outcome == idempotency.outcome else replay(command, stored)


def idempotency_of(command: Command, outcome: Outcome) -> Idempotency | None:
    """What to keep under the command's key; None without a key or a person."""
    if command.key is None or command.actor.person is None:
        return None
    return Idempotency(
        organization=command.actor.organization,
        person=command.actor.person,
        action=command.action,
        key=command.key,
        fingerprint=command.fingerprint,
        state="running" if outcome.saga else "done",
        outcome=to_stored(outcome),
    )


async def _write(
    command: Command, facts: Facts[Any], plan: Plan, decision: Decision, ports: Ports
) -> Outcome | ChangeAnswer:
    """One call of `change`; its coded refusals become values."""
    obliged = plan.obliged(decision.obligations) if plan.obliged else ()
    outcome = Outcome(nouns=plan.nouns, values=plan.values, saga=plan.saga)
    answer = await ports.store.change(
        Change(
            home=command.actor.organization,
            decision=decision,
            proofs=proofs_of(facts, decision),
            effects=(*plan.effects, *obliged),
            idempotency=plan.finishes or idempotency_of(command, outcome),
        )
    )
    match answer:
        case Done():
            return outcome
        case Replay(stored=stored):
            return replay(command, stored)
        case Mismatch():
            return Outcome(refusal=IdempotencyMismatch())
        case Stale(id=id, now=now) if (
            command.expected_version is not None and facts.resource and id == facts.resource.id
        ):
            return await _remember(command, conflict(now or 0), ports)
        case Exhausted(what=what):
            return Outcome(refusal=invalid(what, "LIMIT_REACHED", "This would pass a limit."))
        case Exists(noun=noun) if noun in plan.exists:
            return Outcome(refusal=plan.exists[noun])
        case Fenced():
            raise LeaseLostError(command.action)
        case Short(variant=variant) if variant in plan.lines:
            line, sku = plan.lines[variant]
            return replace(answer, line=line, sku=sku)
        case _:
            return answer


def conflict(version: int) -> Conflict:
    """Somebody was faster."""
    return Conflict(
        message="It has changed meanwhile. Look again, then decide again with a new key.",
        current_version=version,
    )


async def _give_up(command: Command, lost: ChangeAnswer | None, ports: Ports) -> Outcome:
    """What to say when three rounds did not suffice."""
    if isinstance(lost, Short):
        shortage = Shortage(lost.line, lost.sku or str(lost.variant), requested=lost.wanted, available=lost.free)
        return await _remember(command, OutOfStock("Not enough stock; none was held.", (shortage,)), ports)
    if isinstance(lost, Stale) and lost.now is not None:
        return Outcome(refusal=conflict(lost.now))
    return Outcome(refusal=InProgress(message="Others are changing this right now.", retry_after_ms=250))
