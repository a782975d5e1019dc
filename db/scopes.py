"""Who may read a row, as SQL: the one place where a reach becomes one of five predicates with bound parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.access.identity import Identity


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

    `{person}` and `{org}` stand for the viewer; `open` is what everybody sees whatever their reach.
    """

    own: str = "false"
    organization: str = "r.organization = {org}"
    counterpart: str = "r.counterparty = {org}"
    open: str | None = None

    def predicate(self, reach: str, viewer: Identity, bind: Arguments) -> str:
        """The predicate of one reach. Raises `KeyError` for a reach that does not exist."""
        text = _TEXTS[reach](self)
        if self.open is not None and reach != "all":
            text = f"({text} or {self.open})"
        if "{" not in text:
            return text
        places = {"person": bind(viewer.person, "uuid")} if "{person}" in text else {}
        if "{org}" in text:
            places["org"] = bind(viewer.organization, "uuid")
        return text.format(**places)


_TEXTS: Mapping[str, Any] = {
    "none": lambda scope: "false",
    "own": lambda scope: scope.own,
    "organization": lambda scope: scope.organization,
    "counterpart": lambda scope: scope.counterpart,
    "all": lambda scope: "true",
}
