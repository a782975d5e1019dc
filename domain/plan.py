"""What an action's rule answers: the effects to write, or a refusal; and the generic rule of a plain edge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.change import Idempotency
from domain.command import Command, Ref
from domain.effects import Advance, Create, Effect, Row
from domain.facts import Facts, Resource
from domain.machines import ACTIONS, MACHINE_OF
from domain.refusals import Refusal

Obligation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """`effects` are written as they are. `obliged` makes those that depend on the policy's obligations; `conditional`
    lists them for the question as (noun, id, action, kind of obligation). `nouns` and `values` become the outcome.
    `saga` names a saga that the write starts; the caller drives it. `finishes` replaces the running outcome that the
    saga's first transaction kept under the client's key. `exists` says what it means to the client that a row with
    that identity is there already, by noun or table; where it says nothing, facts are read and asked again. `lines`
    names the variants that stock is taken of, as the client knows them: (line, SKU).
    """

    effects: tuple[Effect, ...]
    nouns: Mapping[str, Ref] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    saga: Ref | None = None
    finishes: Idempotency | None = None
    conditional: tuple[tuple[str, UUID, str, str], ...] = ()
    obliged: Callable[[Sequence[Obligation]], tuple[Effect, ...]] | None = None
    exists: Mapping[str, Refusal] = field(default_factory=dict)
    lines: Mapping[UUID, tuple[UUID, str]] = field(default_factory=dict)


Rule = Callable[[Facts[Any], Command, Callable[[], UUID]], "Plan | Refusal"]


def advance(
    resource: Resource[Any],
    action: str,
    set: Row | None = None,
    payload: Row | None = None,
    *,
    source: str | None = None,
    target: str | None = None,
    version: int | None = None,
) -> Advance:
    """One edge of `action` from where the resource is (or `source`, at `version`) to its first target or `target`."""
    start = source if source is not None else resource.state
    machine_action = ACTIONS[action]
    target = target if target is not None else machine_action.target_from(start)
    if start is None or target is None or (start, target) not in machine_action.edges():
        raise ValueError(f"{action} has no edge from {start} to {target}")
    return Advance(
        noun=resource.noun,
        organization=resource.home,
        id=resource.id,
        version=resource.version if version is None else version,
        source=start,
        target=target,
        action=action,
        event=machine_action.event,
        set=dict(set or {}),
        counterparty=resource.counterparty,
        payload=dict(payload or {}),
    )


def create(
    action: str,
    home: UUID,
    id: UUID,
    row: Row,
    *,
    counterparty: UUID | None = None,
    payload: Row | None = None,
    counter: str | None = None,
) -> Create:
    """The creating edge of `action`."""
    machine_action = ACTIONS[action]
    return Create(
        noun=MACHINE_OF[action].noun,
        organization=home,
        id=id,
        target=machine_action.targets[0],
        action=action,
        event=machine_action.event,
        row=dict(row),
        counterparty=counterparty,
        payload=dict(payload or {}),
        counter=counter,
    )


def plain_edge(facts: Facts[Any], command: Command, new_id: Callable[[], UUID]) -> Plan:
    """The rule of an action that does nothing but take its edge."""
    resource = facts.resource
    if resource is None:
        raise ValueError(f"{command.action} needs its resource")
    return Plan(
        effects=(advance(resource, command.action),),
        nouns={resource.noun: resource.ref},
    )


def effects_in(plan: Plan) -> tuple[tuple[str, UUID, str, str | None], ...]:
    """Every aggregate the plan may move, as (noun, id, action, obligation or None); what a decision lists."""
    sure = [(e.noun, e.id, e.action, None) for e in plan.effects if isinstance(e, Advance | Create)]
    return (*sure, *plan.conditional)
