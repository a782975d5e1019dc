"""Set equality: mutations = actions = rows of the matrix = edges of the machines, and every name leads somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from adapters.opa import tree
from adapters.opa.contract import ROLES
from adapters.opa.files import TreeError
from adapters.opa.gates.report import Report, Tree
from domain.machines import ACTIONS, FIXED, MACHINE_OF, MACHINES
from domain.visibility import CellError, Cells

SCOPES = frozenset(
    "own organization counterpart platform self subject system behalf behalf_counterpart fixed".split()  # noqa: SIM905
)
CONDITIONS = frozenset({"always", "auto_approval", "approval"})


def gate(given: Tree) -> Report:
    try:
        found = tree.matrix(given.root)
        Cells(found["reads"]["nouns"], frozenset(found["reads"]["open"]), _held_in(found))
    except (TreeError, CellError) as error:
        return Report("set equality", 1, (str(error),))
    failures = [
        *_rows(found["actions"]),
        *_effects(found["effects"]),
        *_separation(found["separation"]),
        *_others(found),
        *_reads(found["reads"]),
    ]
    return Report("set equality", len(ACTIONS), tuple(failures))


def _held_in(found: dict[str, Any]) -> dict[str, frozenset[str]]:
    return {role: frozenset(kinds) for role, kinds in found["roles"]["held_in"].items()}


def _rows(rows: dict[str, dict[str, str]]) -> Iterator[str]:
    yield from (f"{action}: no row in the matrix" for action in ACTIONS if not rows.get(action))
    yield from (f"{action}: a row, but no machine has it" for action in rows if action not in ACTIONS)
    for action, row in rows.items():
        for role, scope in row.items():
            if role not in (roles := (*ROLES, *tree.EXTRA_ROLES)):
                yield f"{action}: {role} is no role{_meant(role, roles)}"
            if scope not in SCOPES:
                yield f"{action}: {role}: {scope} is no scope{_meant(scope, SCOPES)}"
        if action in ACTIONS:
            yield from _deciders(action, row)


def _meant(written: object, names: Iterable[str]) -> str:
    near = get_close_matches(str(written), list(names), 1)
    return f"; did you mean {near[0]}?" if near else ""


def _deciders(action: str, row: dict[str, str]) -> Iterator[str]:
    """Mutations are for people, everything else for the system alone; `fixed` is what the domain says it is."""
    if (row == {"system": "fixed"}) != (action in FIXED):
        yield f"{action}: `fixed` here, or in the domain, but not in both"
    people = [role for role in row if role != "system"]
    if ACTIONS[action].mutation is None and people:
        yield f"{action}: no mutation does it, but {', '.join(people)} may"
    if ACTIONS[action].mutation is not None and not people:
        yield f"{action}: nobody may send {ACTIONS[action].mutation}"


def _effects(effects: dict[str, dict[str, str]]) -> Iterator[str]:
    for action, others in effects.items():
        if action not in ACTIONS:
            yield f"effects.yaml: {action} is no action"
        for other, when in others.items():
            if other not in ACTIONS or when not in CONDITIONS:
                yield f"effects.yaml: {action}: {other}: {when}"


def _separation(separation: dict[str, Any]) -> Iterator[str]:
    for action, duties in separation["dynamic"].items():
        if action not in ACTIONS:
            yield f"separation.yaml: {action} is no action"
            continue
        for duty in duties:
            if duty not in {one.name for one in MACHINE_OF[action].actions}:
                yield f"separation.yaml: {action}: {duty} is no action of {MACHINE_OF[action].noun}"
            if duty in ACTIONS[action].apart_from:
                noun = MACHINE_OF[action].noun
                yield f"separation.yaml: {action}: {duty} is demanded by the machine of {noun} already"
    pairs = [frozenset(pair) for pair in separation["static"]]
    for pair in pairs:
        if len(pair) != 2:
            yield f"separation.yaml: {sorted(pair)} are no two roles"
        if pairs.count(pair) > 1:
            yield f"separation.yaml: {sorted(pair)} stand there twice"


def _others(found: dict[str, Any]) -> Iterator[str]:
    for action in found["maintenance"]["drain"]:
        if action not in ACTIONS:
            yield f"maintenance.yaml: {action} is no action"
    for role in found["maintenance"]["read_only"]:
        if role not in (*ROLES, "system"):
            yield f"maintenance.yaml: {role} is no role"


def _reads(reads: dict[str, Any]) -> Iterator[str]:
    yield from (f"reads.yaml: nothing about {noun}" for noun in MACHINES if noun not in reads["nouns"])
    yield from (f"reads.yaml: {noun} is open, but has no cells" for noun in reads["open"] if noun not in reads["nouns"])
