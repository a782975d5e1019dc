"""The policy's input, built from facts, command and plan; its closed shape stands beside the OPA adapter."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.command import Command, Ref
from domain.facts import Facts, Resource, Subject
from domain.machines import ACTIONS, MACHINE_OF
from domain.money import Money
from domain.plan import Plan, effects_in
from domain.ports import Question


def plain(value: Any) -> Any:
    """A typed argument as JSON: ids as text, instants as epoch seconds, money and `Ref` as objects."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, Ref):
        return {"noun": value.noun, "home": str(value.home), "id": str(value.id)}
    if isinstance(value, Money):
        return {"currency": value.currency, "minor": value.minor}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def question(command: Command, facts: Facts[Any], plan: Plan | None, decision_id: UUID) -> Question:
    """One question about one command; `plan` None where its rule refused (then nothing may move)."""
    return Question(
        decision_id=decision_id,
        input={
            "subject": _subject(facts.subject),
            "action": _action(command, facts.resource),
            "resource": _resource(command, facts.resource, plan, facts.subject),
            "context": {
                "now": int(facts.context.now.timestamp()),
                "request_id": command.request.request_id,
                "decision_id": str(decision_id),
                "channel": command.request.channel,
                "app_release": command.request.app_release,
                "maintenance": facts.context.maintenance,
                "break_glass": None,
                "flags": {},
                "settings": dict(facts.context.settings),
            },
        },
        accepted=frozenset({facts.context.revision}),
    )


def _subject(subject: Subject) -> dict[str, Any]:
    behalf = subject.on_behalf_of
    return {
        "person": plain(subject.person),
        "account": plain(subject.account),
        "organization": str(subject.organization),
        "organization_kind": subject.organization_kind,
        "roles": list(subject.roles),
        "delegations": [],
        "mfa_age_s": subject.mfa_age_s,
        "authority_epoch": subject.authority_epoch,
        "spend_limit": plain(subject.spend_limit) if subject.spend_limit is not None else None,
        "on_behalf_of": None
        if behalf is None
        else {
            "person": str(behalf.person),
            "organization": str(behalf.organization),
            "decision": plain(behalf.decision),
        },
    }


def _action(command: Command, resource: Resource[Any] | None) -> dict[str, Any]:
    action = ACTIONS[command.action]
    target = action.target_from(resource.state if resource else None)
    fallback = action.targets[0] if action.targets else action.sources[0]
    policy_args = {key: plain(value) for key, value in command.args.items() if not key.startswith("_")}
    return {"name": command.action, "to_state": target or fallback, "args": policy_args}


def _resource(
    command: Command,
    resource: Resource[Any] | None,
    plan: Plan | None,
    subject: Subject,
) -> dict[str, Any]:
    machine = MACHINE_OF[command.action]
    if resource is None:  # nothing there, or not for this organization: the same question, about a phantom
        target = command.target
        resource = Resource(
            noun=machine.noun,
            id=target.id if target else subject.organization,
            home=subject.organization,
            counterparty=None,
            state=None,
            version=0,
        )
    return {
        "type": resource.noun,
        "id": str(resource.id),
        "organizations": {
            "home": str(resource.home),
            "counterparty": plain(resource.counterparty),
        },
        "state": resource.state,
        "version": resource.version,
        "money": None
        if resource.money is None
        else {"currency": resource.money.currency, "total_minor": resource.money.minor},
        "actors": {a.name: [str(p) for p in resource.actors.get(a.name, ())] for a in machine.actions if not a.edits},
        "parents": plain(dict(resource.parents)),
        "risk": None,
        "effects": [
            {"noun": noun, "id": str(id), "action": action, "if_obliged": obliged}
            for noun, id, action, obliged in (effects_in(plan) if plan else ())
        ],
    }
