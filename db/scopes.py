"""Who may read a row, as SQL: the one place where a reach becomes one of five predicates with bound parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from domain.access.identity import Identity
from domain.visibility import Reach


@dataclass(slots=True)
class Arguments:
    """Parameters of one statement in the order of their placeholders; equal ones share a placeholder."""

    values: list[Any] = field(default_factory=list)
    _known: dict[tuple[Any, str], str] = field(default_factory=dict)

    def __call__(self, value: Any, type: str) -> str:
        """The placeholder of `value`, cast to a PostgreSQL type."""
        if isinstance(value, list | dict):
            return self._new(value, type)
        known = self._known.get((value, type))
        if known is None:
            known = self._known[value, type] = self._new(value, type)
        return known

    def _new(self, value: Any, type: str) -> str:
        self.values.append(value)
        return f"${len(self.values)}::{type}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What `own`, `organization` and `counterpart` mean for the rows of one source, alias `r`.

    `{person}` and `{org}` stand for the viewer; `open` says which rows of an open noun are on sale, `known` which rows
    exist for whoever has any reach at all, though their other groups are as far as ever.
    """

    own: str = "false"
    organization: str = "r.organization = {org}"
    counterpart: str = "r.counterparty = {org}"
    open: str | None = None
    known: str | None = None

    def predicate(self, reach: Reach, viewer: Identity, bind: Arguments, *, open: bool, known: bool = False) -> str:
        """The predicate of one reach over the rows of a source, widened by what is on sale where the noun is open."""
        text = self._text(reach)
        if open and self.open is not None and reach != "all":
            text = f"({text} or {self.open})"
        if known and self.known is not None and reach not in ("none", "all"):
            text = f"({text} or {self.known})"
        if "{" not in text:
            return text
        places = {"person": bind(viewer.person, "uuid")} if "{person}" in text else {}
        if "{org}" in text:
            places["org"] = bind(viewer.organization, "uuid")
        return text.format(**places)

    def _text(self, reach: Reach) -> str:
        return {
            "none": "false",
            "own": self.own,
            "organization": self.organization,
            "counterpart": self.counterpart,
            "all": "true",
        }[reach]
