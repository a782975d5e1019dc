"""Attempts on the permit itself (8): allows of another question, by roles nobody holds, for people who do not act."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from db import write
from db.ids import new_id
from domain.change import Change
from domain.command import Actor, OnBehalf
from tests.db.asking import asked, question
from tests.db.ordering import approving
from tests.db.scene import UNLISTED, Attempt, Scene, acting, decided, silent
from tests.db.shopping import system


def good(s: Scene) -> Change:
    return approving(s.world, s.placed)


def asking(edit: Callable[[Any], None]) -> Callable[[Scene], Change]:
    """An approval under the answer to an edited question."""

    def attempt(s: Scene) -> Change:
        change = good(s)
        given = json.loads(write.to_json(question(change.decision)))
        edit(given)
        return replace(change, decision=asked(change.decision, given))

    return attempt


def put(part: str, **values: Any) -> Callable[[Any], None]:
    return lambda given: given[part].update(values)


def shown(**other: Any) -> Callable[[Any], None]:
    return lambda given: given["resource"]["effects"][0].update(other)


def under(s: Scene, change: Change, **other: Any) -> Change:
    """The same change, with a decision that is itself consistent."""
    return replace(change, decision=asked(replace(change.decision, **other)))


def nothing_asked(s: Scene) -> Change:
    change = good(s)
    return replace(change, decision=asked(change.decision, {"nothing": None}))


def by_nobody(s: Scene) -> Change:
    return acting(silent(good(s)), s.world, Actor(s.world.acme))


def for_agent(s: Scene) -> Actor:
    return Actor(s.world.acme, on_behalf_of=OnBehalf(s.world.agent.id, s.world.acme, s.placed.decision))


def both(s: Scene) -> Actor:
    return replace(s.world.manager.actor, on_behalf_of=system(s.world, s.placed).on_behalf_of)


ID = str(new_id())

ATTEMPTS: tuple[Attempt, ...] = (
    Attempt(8, "an empty question", nothing_asked, UNLISTED),
    Attempt(8, "a question about another action", asking(put("action", name="note.add")), UNLISTED),
    Attempt(8, "the answer to an earlier question", asking(put("context", decision_id=ID)), UNLISTED),
    Attempt(8, "another's question", asking(put("subject", person=ID)), UNLISTED),
    Attempt(8, "a question by another account", asking(put("subject", account=ID)), UNLISTED),
    Attempt(8, "a question for another organization", asking(put("subject", organization=ID)), UNLISTED),
    Attempt(8, "a question with other roles", asking(put("subject", roles=["operator"])), UNLISTED),
    Attempt(8, "a question on behalf of somebody", asking(put("subject", on_behalf_of={"person": ID})), UNLISTED),
    Attempt(8, "a question about another order", asking(put("resource", id=ID)), UNLISTED),
    Attempt(8, "a question about another noun", asking(put("resource", type="note")), UNLISTED),
    Attempt(8, "a question about a home of its own", asking(put("resource", organizations={"home": ID})), UNLISTED),
    Attempt(8, "a question in another state", asking(put("resource", state="approved")), UNLISTED),
    Attempt(8, "a question about another version", asking(put("resource", version=7)), UNLISTED),
    Attempt(8, "a question that shows nothing", asking(put("resource", effects=[])), UNLISTED),
    Attempt(8, "a question that shows another row", asking(shown(id=ID)), UNLISTED),
    Attempt(8, "a question that shows another action", asking(shown(action="order.reject")), UNLISTED),
    Attempt(8, "what nobody obliged", asking(shown(if_obliged="auto_approval")), UNLISTED),
    Attempt(
        8,
        "a role that one does not hold",
        lambda s: under(s, good(s), role="auditor", roles=("auditor",)),
        "Revoked",
    ),
    Attempt(8, "a role beside one's own", lambda s: under(s, good(s), role="auditor"), UNLISTED),
    Attempt(8, "no role, though one holds some", lambda s: under(s, good(s), role=None), UNLISTED),
    Attempt(8, "a person as the system", lambda s: under(s, good(s), role="system", roles=("system",)), "Revoked"),
    Attempt(8, "the system as a buyer", lambda s: under(s, by_nobody(s), role="buyer", roles=("buyer",)), UNLISTED),
    Attempt(8, "nobody approves", by_nobody, UNLISTED),
    Attempt(
        8,
        "for somebody without a saga",
        lambda s: acting(silent(good(s)), s.world, system(s.world, s.placed)),
        UNLISTED,
    ),
    Attempt(
        8,
        "for somebody else by another's saga",
        lambda s: s.going_on(acting(silent(good(s)), s.world, for_agent(s))),
        UNLISTED,
    ),
    Attempt(
        8,
        "a person for another person",
        lambda s: s.going_on(acting(good(s), s.world, both(s))),
        UNLISTED,
    ),
    Attempt(8, "a permit for a minute", lambda s: decided(good(s), not_after=time.time() + 60), UNLISTED),
    Attempt(8, "a permit for ever", lambda s: decided(good(s), not_after=4102444800.0), UNLISTED),
)
