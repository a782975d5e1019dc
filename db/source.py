"""How the rows of one noun are read, as data: table, columns, scope, sorts, filters; `select.py` makes statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar, get_type_hints

import asyncpg

from db.scopes import Scope
from domain.model import Entity
from domain.money import Money

T = TypeVar("T", bound=Entity)


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort key: an expression over alias `r` that is never null, and its PostgreSQL type."""

    sql: str
    type: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition over alias `r`; `{}` stands for the bound value of PostgreSQL type `type`.

    In a `pattern` the value's own `%`, `_` and backslash stand for themselves.
    """

    sql: str
    type: str
    pattern: bool = False


def one_of(column: str, type: str = "text") -> Filter:
    """Any of several values of one column."""
    return Filter(f"{column} = any({{}})", f"{type}[]")


def between(name: str, column: str) -> dict[str, Filter]:
    """An instant from (inclusive) until (exclusive), as the two filters `<name>.from` and `<name>.until`."""
    return {
        f"{name}.from": Filter(f"{column} >= {{}}", "timestamptz"),
        f"{name}.until": Filter(f"{column} < {{}}", "timestamptz"),
    }


def contains(column: str) -> Filter:
    """Text that occurs in a column, whatever its case."""
    return Filter(f"{column} ilike '%' || {{}} || '%'", "text", pattern=True)


def starts_with(column: str) -> Filter:
    return Filter(f"{column} like {{}} || '%'", "text", pattern=True)


def escaped(text: str) -> str:
    """Text whose `%`, `_` and backslash stand for themselves in a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True, eq=False)
class Source(Generic[T]):
    """`columns` names the expression of a field that is not the column of its name; a field of type Money comes from
    `<field>_minor` and `currency`. `cells` is the noun of `reads.yaml` that decides (the model's own by default) and
    `group` its group that decides whether the row exists. A source of several kinds of rows has `parts`: by the value
    of column `kind`, the source whose cells decide.
    """

    model: type[T]
    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    joins: str = ""
    scope: Scope = field(default_factory=Scope)
    cells: str = ""
    group: str = "summary"
    parts: Mapping[str, Source[Any]] = field(default_factory=dict)
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)

    @property
    def noun(self) -> str:
        """Whose cells decide."""
        return self.cells or self.model.noun

    @property
    def select(self) -> str:
        """The select list, without `seen`."""
        return ", ".join(f"{sql} as {name}" for name, sql, _ in self._reads())

    @property
    def build(self) -> Callable[[asyncpg.Record], T]:
        """A row as the domain object."""
        reads = [(name, make) for name, _, make in self._reads() if not name.endswith("__currency")]
        model = self.model

        def build(record: asyncpg.Record) -> T:
            values: dict[str, Any] = {name: make(record, name) for name, make in reads}
            return model(**values, seen=frozenset(record["seen"]))

        return build

    def _reads(self) -> list[tuple[str, str, Callable[[Any, str], Any]]]:
        found: list[tuple[str, str, Callable[[Any, str], Any]]] = []
        hints = get_type_hints(self.model)
        for name in (f.name for f in fields(self.model) if f.name != "seen"):
            kind = hints[name]
            if kind in (Money, Money | None):
                found.append((name, self.columns.get(name, f"r.{name}_minor"), _money))
                found.append((f"{name}__currency", self.columns.get("currency", "r.currency"), _plain))
            else:
                default = "r.organization" if name == "home" else f"r.{name}"
                made = _tuple if getattr(kind, "__origin__", None) is tuple else _plain
                found.append((name, self.columns.get(name, default), made))
        return found


def _plain(record: Any, name: str) -> Any:
    return record[name]


def _tuple(record: Any, name: str) -> tuple[Any, ...]:
    return tuple(record[name] or ())


def _money(record: Any, name: str) -> Money | None:
    minor = record[name]
    return None if minor is None else Money(minor, record[f"{name}__currency"])


@dataclass(frozen=True, eq=False)
class Relation(Generic[T]):
    """Rows of `source` that belong to a parent: `on` relates alias `r` to `p(home, id)`; `order` where all are read."""

    source: Source[T]
    on: str = "true"
    order: str = "r.id"
