"""Facts made by hand for rules that are asked directly: who, what row, what is known about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from domain.command import Actor, Command, Ref, Request
from domain.effects import Effect
from domain.facts import Context, Facts, Resource, Subject
from domain.plan import Plan
from domain.refusals import Invalid, Refusal
from domain.rules import rule_of

E = TypeVar("E")

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
PLATFORM, ACME, VOLTWORKS = (UUID(int=n) for n in (1, 2, 3))
PERSON, ROW = UUID(int=10), UUID(int=20)


def ids() -> Callable[[], UUID]:
    """Ids that count up."""
    given = iter(range(1_000, 2_000))
    return lambda: UUID(int=next(given))


def asked(
    action: str,
    resource: Resource[Any],
    settings: Mapping[str, int | str | bool] | None = None,
    **args: Any,
) -> Plan | Refusal:
    """What the rule of `action` says about one resource."""
    actor = Actor(ACME, PERSON)
    facts = Facts(Subject(ACME, "buyer", 1, ("buyer",), PERSON), Context(NOW, 1, dict(settings or {}), 1), resource)
    command = Command(action, actor, Request("r", "t"), args=args)
    return rule_of(action)(facts, command, ids())


def row(noun: str, state: str | None, detail: Any, version: int = 1, home: UUID = VOLTWORKS) -> Resource[Any]:
    return Resource(noun, ROW, home, None, state, version if state else 0, detail=detail)


def planned(answer: Plan | Refusal) -> Plan:
    assert isinstance(answer, Plan), answer
    return answer


def codes(answer: Plan | Refusal) -> set[tuple[str, str]]:
    """The violations of a refused input, as (field, code)."""
    assert isinstance(answer, Invalid), answer
    return {(".".join(violation.field), violation.code) for violation in answer.violations}


def only(plan: Plan, kind: type[E]) -> E:
    """The one effect of this kind."""
    (found,) = of(plan, kind)
    return found


def of(plan: Plan, kind: type[E]) -> list[E]:
    return [effect for effect in plan.effects if isinstance(effect, kind)]


def journalled(plan: Plan) -> str:
    """Everything that would reach the journal, as text."""
    effects: list[Effect] = [effect for effect in plan.effects if hasattr(effect, "payload")]
    return repr([getattr(effect, "payload") for effect in effects])  # noqa: B009 - a union, asked for one field


def ref(noun: str, id: UUID, home: UUID = PLATFORM) -> Ref:
    return Ref(noun, home, id)
