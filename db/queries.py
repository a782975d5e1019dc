"""Every room's facts query by action or noun; a new room adds its line here."""

from __future__ import annotations

from importlib import import_module

from db.facts import FactsQuery
from domain.machines import ACTIONS, MACHINE_OF, MACHINES

_ROOMS = (
    "access",
    "carts",
    "fulfillment",
    "inventory",
    "orders",
    "payments",
    "people",
    "purchases",
    "revisions",
    "sagas",
    "services",
    "settings",
    "timeline",
    "vendors",
)


def facts_queries() -> dict[str, FactsQuery]:
    """The `FACTS` of every `db/<room>_facts.py`, keyed by action name or by noun."""
    found: dict[str, FactsQuery] = {}
    for room in _ROOMS:
        facts: dict[str, FactsQuery] = import_module(f"db.{room}_facts").FACTS
        for name, query in facts.items():
            if name in found or (name not in ACTIONS and name not in MACHINES):
                raise ValueError(f"db/{room}_facts.py: {name} is declared twice or unknown")
            found[name] = query
    return found


NOUN_OF: dict[str, str] = {action: machine.noun for action, machine in MACHINE_OF.items()}
