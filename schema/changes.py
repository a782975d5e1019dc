"""How a mutation is declared: its input goes to the one way of a change, its outcome becomes the payload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import ModuleType
from typing import Any

import strawberry

from domain.command import Outcome, Ref
from domain.machine import Action
from domain.machines import MACHINE_OF, MUTATIONS
from domain.refusals import IdempotencyMismatch
from resolvers import command
from resolvers.context import Context
from resolvers.inputs import camel
from resolvers.nodes import nodes, nowhere
from schema.asked import asked
from schema.bind import Info
from schema.loaders import load
from schema.refusals import Refusal


@strawberry.input
class Keyed:
    """Every input has these; `Key` is what it is where the key may be left out."""

    idempotency_key: str
    dry_run: bool = False


@strawberry.input
class MaybeKeyed:
    idempotency_key: str | None = strawberry.UNSET
    dry_run: bool = False


@strawberry.type
class Answer:
    """Every payload has these beside its nouns."""

    refusal: Refusal | None
    replayed: bool


def change(room: ModuleType, name: str, told: str) -> Any:
    """One mutation: asks for the action of the same name, answers with what the viewer may then see."""
    action, spelled = MUTATIONS[name], name[0].upper() + name[1:]
    takes, answers = getattr(room, f"{spelled}Input"), getattr(room, f"{spelled}Payload")
    nouns = [field.name for field in fields(answers) if _is_noun(field.name)]

    async def resolve(root: Any, info: Info, input: Any) -> Any:
        context = info.context
        outcome = await command.run(context, name, input)
        names, alone = asked(info)
        wanted = [noun for noun in nouns if camel(noun) in names]
        alone = alone and len(wanted) == 1
        await (context.become() if name == "sessionSwitch" else context.fresh(alone=alone))
        found = _known(context, answers, outcome)
        for noun in wanted:
            ref = _noun(context, noun, outcome, input)
            if ref is not None:  # nobody else will ask for what is alone
                found[noun] = (await nodes(context, [ref]))[0] if alone else await load(context, nodes, ref)
        return answers(**found)

    resolve.__annotations__ |= {"input": takes, "return": answers}
    return strawberry.mutation(resolver=resolve, description=_description(action, told))


def _description(action: Action, told: str) -> str:
    """The action, what it is for, its edges, whose author may not take it, and the refusals it has of its own."""
    machine = MACHINE_OF[action.name]
    parts = [f"`{action.name}`: {told}"]
    sources, targets = (" | ".join(state.upper() for state in states) for states in (action.sources, action.targets))
    if len(machine.states) > 1:
        edge = f"{sources} stays" if action.edits else f"{sources} → {targets}".strip()
        parts.append(f"[{edge}]" if action.name.startswith(machine.noun) else f"[{machine.noun}: {edge}]")
    if action.apart_from:
        parts.append(f"Apart from {', '.join(f'`{other}`' for other in action.apart_from)}.")
    if action.refusals:
        parts.append(f"Refuses: {', '.join(action.refusals)}.")
    return " ".join(parts)


def _is_noun(name: str) -> bool:
    return name not in ("refusal", "replayed", "viewer") and not name.endswith("_id")


def _known(context: Context, answers: type, outcome: Outcome) -> dict[str, Any]:
    """The payload's fields by name. Nouns are left out here: those that were asked for are read anew, through what the
    viewer may see now.
    """
    found: dict[str, Any] = {"refusal": outcome.refusal, "replayed": outcome.replayed}
    for name in (field.name for field in fields(answers)):
        if name == "viewer":
            found[name] = context.viewer
        elif name.endswith("_id"):
            kept = outcome.values.get(name.removesuffix("_id"))
            found[name] = context.encode(kept) if isinstance(kept, Ref) else None
        elif name not in found:
            found[name] = None
    return found


def _noun(context: Context, name: str, outcome: Outcome, values: Mapping[str, Any]) -> Ref | None:
    """What the outcome names; beside a refusal the object that the input names, as it is now.

    Whoever acts for no organization sees nothing, and is told so by the refusal.
    """
    if context.viewer is None or context.viewer.organization is None:
        return None
    if name in outcome.nouns or outcome.refusal is None or isinstance(outcome.refusal, IdempotencyMismatch):
        return outcome.nouns.get(name)
    given = values.get(f"{name}_id")
    return context.decode(given, name) or nowhere(name) if isinstance(given, str) else None
