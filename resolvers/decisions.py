"""Decisions in words: what was answered, why, and what it let move."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db import journal
from domain.command import Ref
from domain.decisions.model import Decision
from domain.journal.model import JournalEntry
from domain.refusals import Reason
from domain.timeline.facts import GOVERNED
from resolvers.context import Context

_NOTHING = b"{}"
_WORDS = {"allowed": "Allowed", "denied": "Denied", "failed_closed": "No usable answer"}
_BASES = {
    "policy": "policy",
    "fixed": "the machine alone; policy is not asked about this edge",
    "bootstrap": "bootstrap, before the marketplace opened",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One object that the decision permits to move; `version` is what it came to, 0 while nothing was committed."""

    noun: str
    home: UUID | None
    id: UUID
    action: str
    version: int


def reasons(decision: Decision) -> list[Reason]:
    return [
        Reason(
            code=kept["code"],
            message=kept["message"],
            remedy=kept.get("remedy"),
            rule=kept.get("rule"),
            controls=tuple(kept.get("controls") or ()),
        )
        for kept in decision.reasons
    ]


def explanation(decision: Decision) -> str:
    """One sentence: the outcome with the first reason against it, or with the rule that it rests on."""
    word = _WORDS[decision.outcome]
    if decision.reasons:
        return f"{word}: {decision.reasons[0]['message']}"
    if decision.role is None or decision.decider != "policy":
        return f"{word} by {_BASES[decision.decider]}."
    cell = f"{decision.action} x {decision.role}"
    return f"{word} as {decision.role.replace('_', ' ')}, by the matrix cell {cell} of revision {decision.revision}."


def remedy(decision: Decision) -> str | None:
    return next((kept["remedy"] for kept in decision.reasons if kept.get("remedy")), None)


def input_of(decision: Decision) -> Any:
    """What was asked; nothing in it for what was decided without a question."""
    return json.loads(decision.input or _NOTHING)


def input_digest(decision: Decision) -> bytes:
    """The digest of what was asked; of nothing where nothing was."""
    return decision.input_sha256 or hashlib.sha256(_NOTHING).digest()


def subject_of_effect(context: Context, effect: Effect) -> Ref | None:
    if effect.noun not in GOVERNED or effect.home is None:
        return None
    return Ref(effect.noun, effect.home, effect.id)


async def effects_of(context: Context, asked: Sequence[Decision]) -> Sequence[Sequence[Effect]]:
    """What each decision lists, with the versions that the journal knows."""
    entries = await context.children(journal.OF_DECISION, asked)
    return [_effects(decision, mine) for decision, mine in zip(asked, entries, strict=True)]


def _effects(decision: Decision, entries: Sequence[JournalEntry]) -> list[Effect]:
    known = {(entry.aggregate, entry.action): entry for entry in entries}
    found = []
    for listed in decision.effects:
        id = UUID(listed["id"])
        entry = known.get((id, listed["action"]))
        home = entry.home if entry else decision.subject_home if id == decision.subject else None
        version = entry.version if entry else decision.subject_version if id == decision.subject else 0
        found.append(Effect(listed["noun"], home, id, listed["action"], version))
    return found
