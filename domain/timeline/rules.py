"""What leaving a note comes to."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from domain.command import Command
from domain.effects import VaultPut
from domain.facts import Facts
from domain.plan import Plan, Rule, create
from domain.refusals import Refusal
from domain.text import PROSE, text_violation, told
from domain.timeline.facts import NoteToBe


def note_add(facts: Facts[NoteToBe], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """A note beside its subject; its words go to the vault."""
    resource = facts.resource
    if resource is None or resource.detail is None:
        raise ValueError("note.add needs its facts")
    refused = told(text_violation("text", command.args["_text"], PROSE))
    if refused is not None:
        return refused
    subject, visibility = resource.detail.subject, command.args["visibility"]
    row = {
        "subject_noun": subject.noun,
        "subject": subject.id,
        "visibility": visibility,
        "author": command.actor.person,
    }
    payload = {"subject_noun": subject.noun, "subject": str(subject.id), "visibility": visibility}
    added = create("note.add", resource.home, resource.id, row, counterparty=resource.counterparty, payload=payload)
    return Plan(
        effects=(added, VaultPut(resource.home, resource.id, "text", command.args["_text"].strip())),
        nouns={"note": resource.ref},
    )


RULES: dict[str, Rule] = {"note.add": note_add}
