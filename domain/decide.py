"""From an answer of the policy to the decision that is kept and to the refusal that is told, in the order that wins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.change import Decision, DecisionEffect
from domain.command import Command
from domain.facts import Facts
from domain.machines import MACHINE_OF
from domain.plan import Plan, effects_in
from domain.ports import PolicyFault, Verdict
from domain.refusals import (
    Conflict,
    Denied,
    IllegalTransition,
    NotFound,
    Reason,
    Refusal,
    Unavailable,
)

PERMIT_S = 2.0  # how long an allow may wait for its write

_FAULT = "The policy gave no clean answer, so the answer is no."
_SILENT = "The policy engine does not answer right now; nothing was written."
_BEHIND = "The active policy revision does not know this action yet."


def fixed_decision(command: Command, facts: Facts[Any], plan: Plan | None, decision_id: UUID) -> Decision:
    """An action of the closed list: decided by machine and constraints alone, while policy may be down."""
    return _decision(command, facts, decision_id, outcome="allowed", decider="fixed", effects=_listed(plan, ()))


def decision_of(
    command: Command,
    facts: Facts[Any],
    plan: Plan | None,
    answer: Verdict | PolicyFault,
    decision_id: UUID,
) -> Decision:
    """The policy's answer as a row: allowed, denied, or failed closed."""
    asked: dict[str, Any] = {"input": answer.canonical, "input_sha256": answer.sha256, "took_ms": answer.took_ms}
    if isinstance(answer, PolicyFault):
        asked["reasons"] = (Reason(answer.code, _SILENT if answer.silent else _FAULT),)
        return _decision(command, facts, decision_id, outcome="failed_closed", fault=answer.code, **asked)
    return _decision(
        command,
        facts,
        decision_id,
        outcome="allowed" if answer.allow else "denied",
        role=answer.role,
        reasons=answer.reasons,
        obligations=answer.obligations,
        revision=answer.revision,
        effects=_listed(plan, answer.obligations) if answer.allow else (),
        not_after=facts.context.now.timestamp() + PERMIT_S,
        **asked,
    )


def refusal_of(
    command: Command,
    facts: Facts[Any],
    decision: Decision,
    answer: Verdict | PolicyFault | None,
) -> Refusal | None:
    """The first of the refusals that apply before the noun's own rules; None where none does."""
    resource = facts.resource
    if isinstance(answer, PolicyFault):
        if answer.silent:
            return Unavailable(_SILENT, "POLICY", decision=decision.id)
        return _denied(facts, decision)
    if resource is None or (answer is not None and not answer.visible):
        return NotFound()
    if answer is not None and "known" in answer.failed:
        return Unavailable(_BEHIND, "POLICY_BEHIND", decision=decision.id)
    if answer is not None and not answer.allow and answer.failed != ("state",):
        return _denied(facts, decision)
    if command.expected_version is not None and command.expected_version != resource.version:
        return Conflict(
            "It has changed meanwhile. Look again, then decide again with a new key.",
            resource.version,
        )
    machine = MACHINE_OF[command.action]
    state = resource.state
    if state is not None and command.action not in machine.actions_from(state):
        return IllegalTransition(
            f"This {machine.noun.replace('_', ' ')} is {state.upper()}, so {command.action} is not possible now.",
            state.upper(),
            machine.actions_from(state),
        )
    if answer is not None and not answer.allow:
        return _denied(facts, decision)
    return None


def _denied(facts: Facts[Any], decision: Decision) -> Denied:
    message = decision.reasons[0].message if decision.reasons else _FAULT
    return Denied(
        message,
        decision.id,
        decision.actor.organization,
        facts.context.revision,
        decision.reasons,
    )


def _listed(plan: Plan | None, obligations: tuple[Any, ...]) -> tuple[DecisionEffect, ...]:
    """The aggregates the decision permits to move: the sure ones and those that an obligation confirmed."""
    confirmed = {(str(obligation["kind"]), str(obligation["order"])) for obligation in obligations}
    moves = effects_in(plan) if plan else ()
    return tuple(
        DecisionEffect(noun, id, action)
        for noun, id, action, kind in moves
        if kind is None or (kind, str(id)) in confirmed
    )


def _decision(command: Command, facts: Facts[Any], decision_id: UUID, **answered: Any) -> Decision:
    """What every decision says of its command, with what was answered."""
    resource = facts.resource
    about = {
        "decider": "policy",
        "revision": facts.context.revision,
        "role": "system" if command.actor.is_system else None,
    }
    return Decision(
        id=decision_id,
        action=command.action,
        actor=command.actor,
        request=command.request,
        subject=resource.ref if resource else command.target,
        subject_state=resource.state if resource else None,
        subject_version=resource.version if resource else 0,
        roles=facts.subject.roles,
        **{**about, **answered},
    )
