"""Reads the invariants of this folder and fills in what the machines declare; runs none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from db.definition import script
from db.generator.words import quoted
from db.roles import APPLICATION, DOORS
from domain.machines import FIXED, MACHINES

FOLDER = Path(__file__).resolve().parent
_FORM = re.compile(
    r"-- invariant: (?P<number>\d+)\n-- says: (?P<says>[^\n]+)\n(?:-- [^\n]*\n)*"
    r"-- violations:\n(?P<violations>.+?)\n-- counted:\n(?P<counted>.+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Invariant:
    name: str
    number: int
    says: str
    violations: str
    counted: str


class InvariantError(ValueError):
    """A file of this folder that is not in the form of an invariant."""


def invariants() -> tuple[Invariant, ...]:
    """All of them, in the order of their numbers."""
    found = [_read(file) for file in sorted(FOLDER.glob("*.sql"))]
    return tuple(sorted(found, key=lambda invariant: (invariant.number, invariant.name)))


def _read(file: Path) -> Invariant:
    form = _FORM.fullmatch(file.read_text(encoding="utf-8").strip())
    if form is None:
        raise InvariantError(f"{file.name} is not in the form of an invariant")
    return Invariant(
        name=file.stem,
        number=int(form["number"]),
        says=form["says"],
        violations=_filled(form["violations"]),
        counted=_filled(form["counted"]),
    )


def _filled(sql: str) -> str:
    for word, text in DECLARED.items():
        if word in sql:
            sql = sql.replace(word, text())
    return sql


def _values(rows: Iterable[tuple[str | None, ...]]) -> str:
    """A VALUES list of our own names; none of them comes from outside."""
    listed = ("(" + ", ".join("null" if cell is None else f"'{cell}'" for cell in row) + ")" for row in rows)
    return f"(values {', '.join(listed)})"


def _heads() -> str:
    """The rows of every noun as (noun, organization, id, version, state, counterparty)."""
    return (
        "("
        + " union all ".join(
            f"select '{machine.noun}' as noun, organization, id, version, state, counterparty"
            f" from {quoted(machine.table)}"
            for machine in MACHINES.values()
        )
        + ")"
    )


def _edges() -> str:
    return _values(
        (machine.noun, source, target, action.name, action.event)
        for machine in MACHINES.values()
        for action in machine.actions
        for source, target in action.edges()
    )


def _apart() -> str:
    """Pairs of actions that one natural person may not both take on one object."""
    return _values(
        (action.name, other)
        for machine in MACHINES.values()
        for action in machine.actions
        for other in action.apart_from
    )


def _homes() -> str:
    return _values((machine.noun, machine.home) for machine in MACHINES.values())


def _fixed() -> str:
    return _values((action,) for action in sorted(FIXED))


def _doors() -> str:
    return _values((name,) for name in DOORS)


def _applications() -> str:
    return _values((role,) for role in APPLICATION)


_TRIGGER = re.compile(r"create (?:constraint )?trigger (\w+)\s[^;]*? on \"?(\w+)", re.IGNORECASE)
_INDEX = re.compile(r"create unique index (\w+)", re.IGNORECASE)
_CONSTRAINT = re.compile(r"\bconstraint (\w+)\s+(?:primary|unique|check|foreign)", re.IGNORECASE)


def _guards() -> str:
    """Every constraint, unique index and trigger of the definition as (kind, name, table or null)."""
    definition = script()
    return _values(
        (
            *(("trigger", name, table) for name, table in _TRIGGER.findall(definition)),
            *(("index", name, None) for name in _INDEX.findall(definition)),
            *(("constraint", name, None) for name in _CONSTRAINT.findall(definition)),
        )
    )


DECLARED: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "{heads}": _heads,
        "{edges}": _edges,
        "{apart}": _apart,
        "{homes}": _homes,
        "{fixed}": _fixed,
        "{guards}": _guards,
        "{doors}": _doors,
        "{applications}": _applications,
    }
)
