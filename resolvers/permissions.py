"""What the viewer may do now: the rules and the policy of the mutations, asked for many objects at once; advisory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.command import Command, Ref
from domain.facts import Facts
from domain.machines import ACTIONS, MACHINES
from domain.money import Money
from domain.plan import Plan
from domain.ports import PolicyFault, Question, Verdict
from domain.question import question
from domain.refusals import InProgress, NotFound, Reason, TooLate
from domain.rules import rule_of
from resolvers.context import Context
from resolvers.errors import RequestError, withheld

PAIRS = 200  # a POST
POSTS = 4  # an operation


@dataclass(frozen=True, slots=True)
class Permission:
    """One action and whether the viewer may do it now."""

    action: str
    mutation: str | None
    allowed: bool
    reasons: tuple[Reason, ...]
    needs_fresh_sign_in: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """Which actions of one object to ask about; None asks about all that have a mutation."""

    target: Ref
    actions: tuple[str, ...] | None


Asked = tuple[int, str, Question, Facts[Any]]  # number of the wish, action, question and facts
Arguments = Callable[[Ref, Facts[Any]], Mapping[str, Any]]

# What an action takes besides its object, at its most harmless; an action that is not named takes nothing.
_ARGUMENTS: Mapping[str, Arguments] = {
    "order.deliver": lambda _, __: {"delivered_at": None},
    "price.change": lambda _, facts: {"amount": _money(facts), "valid_from": None},
    "cart_line.add": lambda _, __: {"sku": "-", "quantity": 1},
    "cart_line.update": lambda target, __: {"line": Ref("cart_line", target.home, target.id), "quantity": None},
    "cart_line.remove": lambda target, __: {"line": Ref("cart_line", target.home, target.id)},
    "checkout.complete": lambda _, facts: {"expected_total": _money(facts)},
}
# Rules that need nothing but the facts, so that their own no can be told beforehand.
_FORESEEN = frozenset(name for name in ACTIONS if name.startswith("order.") and name not in _ARGUMENTS)


async def permissions(context: Context, wishes: Sequence[Wish]) -> Sequence[Sequence[Permission] | RequestError]:
    """Permissions per wish; an error instead where the object is gone, the policy is silent or too much was asked."""
    async with context.asked.reader.away():
        asked, answers = _questions(context, wishes, await _facts(context, wishes))
        verdicts = await _ask(context, [item[2] for item in asked])
    for (number, action, _, facts), verdict in zip(asked, verdicts, strict=True):
        mine = answers[number]
        if isinstance(mine, RequestError):
            continue
        if isinstance(verdict, RequestError):
            answers[number] = verdict
        else:
            mine.append(_permission(context, wishes[number].target, action, facts, verdict))
    return answers


def _questions(
    context: Context, wishes: Sequence[Wish], known: Mapping[tuple[Ref, str], Facts[Any]]
) -> tuple[list[Asked], list[list[Permission] | RequestError]]:
    """What to ask, and where each answer goes; a wish whose object is gone is answered already."""
    asked: list[Asked] = []
    answers: list[list[Permission] | RequestError] = []
    for number, wish in enumerate(wishes):
        answers.append([])
        for action in _actions(wish):
            facts = known.get((wish.target, action))
            if facts is None or facts.resource is None:
                answers[number] = withheld()
                break
            asked.append((number, action, _question(context, wish.target, action, facts), facts))
    return asked, answers


def _actions(wish: Wish) -> tuple[str, ...]:
    """Actions of the noun's machine that work on something that exists, in its order; others are not permitted here."""
    own = tuple(a.name for a in MACHINES[wish.target.noun].actions if a.mutation is not None and not a.creates)
    return own if wish.actions is None else tuple(name for name in own if name in wish.actions)


async def _facts(context: Context, wishes: Sequence[Wish]) -> dict[tuple[Ref, str], Facts[Any]]:
    """One statement per noun, whatever the number of objects and actions."""
    found: dict[tuple[Ref, str], Facts[Any]] = {}
    actor = context.actor
    for noun in dict.fromkeys(wish.target.noun for wish in wishes):
        mine = [wish for wish in wishes if wish.target.noun == noun]
        actions = list(dict.fromkeys(action for wish in mine for action in _actions(wish)))
        if not actions:
            continue
        refs = list(dict.fromkeys(wish.target for wish in mine))
        commands = [Command(action, actor, context.request) for action in actions]
        facts = await context.ports.store.facts_of(actor, noun, refs, commands)
        for ref, by_action in zip(refs, facts, strict=True):
            found.update({(ref, action): one for action, one in zip(actions, by_action, strict=True)})
    return found


def _command(context: Context, target: Ref, action: str, facts: Facts[Any]) -> Command:
    make = _ARGUMENTS.get(action)
    args = make(target, facts) if make else {}
    return Command(action, context.actor, context.request, target=target, args=args, dry_run=True)


def _question(context: Context, target: Ref, action: str, facts: Facts[Any]) -> Question:
    return question(_command(context, target, action, facts), facts, None, context.ports.new_id())


async def _ask(context: Context, questions: Sequence[Question]) -> Sequence[Verdict | RequestError]:
    """At most `POSTS` an operation of `PAIRS` each; what is beyond is answered with an error."""
    room = max(0, POSTS - context.questions) * PAIRS
    now = questions[:room]
    context.questions += -(-len(now) // PAIRS)
    silent = RequestError("UNAVAILABLE", "The policy engine does not answer right now.", retryable="AFTER_DELAY")
    beyond = RequestError("COST_TOO_HIGH", "Too many permissions were asked for at once.")
    found = await context.ports.policy.batch(now) if now else ()
    verdicts: list[Verdict | RequestError] = [silent if isinstance(v, PolicyFault) else v for v in found]
    return verdicts + [beyond] * (len(questions) - len(now))


def _permission(context: Context, target: Ref, action: str, facts: Facts[Any], verdict: Verdict) -> Permission:
    reasons = verdict.reasons
    if verdict.allow and action in _FORESEEN:
        reasons = _own_no(_command(context, target, action, facts), facts, context)
    return Permission(action, ACTIONS[action].mutation, verdict.allow and not reasons, reasons)


def _own_no(command: Command, facts: Facts[Any], context: Context) -> tuple[Reason, ...]:
    """What the noun's own rule would refuse although policy allows."""
    planned = rule_of(command.action)(facts, command, context.ports.new_id)
    if isinstance(planned, Plan):
        return ()
    if isinstance(planned, InProgress | TooLate | NotFound):
        return (Reason(f"rule.{planned.code.lower()}", planned.message),)
    return ()


def _money(facts: Facts[Any]) -> Money:
    resource = facts.resource
    return resource.money if resource is not None and resource.money is not None else Money(0, "EUR")
