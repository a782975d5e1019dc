"""The statements of every read, written once: by id, children, pages and counts, each with the viewer's scope in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import asyncpg

from db.reader import Reader
from db.scopes import Arguments
from db.source import Filter, Relation, Source, escaped
from domain.access.identity import Identity
from domain.command import Ref
from domain.model import Entity
from domain.page import COUNTED, Page, Wanted
from domain.visibility import Cells, Reach, is_open, reach_of

T = TypeVar("T", bound=Entity)
N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Sight:
    """One viewer and the cells that say what they may see."""

    viewer: Identity
    cells: Cells

    def reach(self, noun: str, group: str) -> Reach:
        return reach_of(self.cells, noun, group, self.viewer.roles, self.viewer.organization_kind or "")

    def may_see(self, source: Source[Any], bind: Arguments, group: str | None = None) -> str:
        """The predicate over alias `r` of one group; without one, of the group by which the row exists."""
        if source.parts:
            kinds = (f"(r.kind = '{kind}' and {self.may_see(part, bind)})" for kind, part in source.parts.items())
            return f"({' or '.join(kinds)})"
        named = group or source.group
        open_ = is_open(self.cells, source.noun, named)
        known = named == source.group
        return source.scope.predicate(self.reach(source.noun, named), self.viewer, bind, open=open_, known=known)

    def seen(self, source: Source[Any], bind: Arguments) -> str:
        """The groups of one row that this viewer may read, as an array."""
        cases = [f"case when {self.may_see(source, bind, g)} then '{g}' end" for g in self._groups(source)]
        return f"array_remove(array[{', '.join(cases)}]::text[], null) as seen"

    def _groups(self, source: Source[Any]) -> Sequence[str]:
        return () if source.parts else [g for g in self.cells.nouns[source.noun] if g != "summary"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A source seen by somebody through one reader; every statement below starts here."""

    reader: Reader
    sight: Sight


@lru_cache
def _prepared(source: Source[Any]) -> tuple[str, Callable[[asyncpg.Record], Any]]:
    return source.select, source.build


async def by_ids(asked: Asked, source: Source[T], refs: Sequence[Ref]) -> list[T | None]:
    """Rows in the order of `refs`; None where there is none that the viewer may know of."""
    bind = Arguments()
    select, build = _prepared(source)
    records = await asked.reader.fetch(
        f"select k.n, {select}, {asked.sight.seen(source, bind)}"
        f" from unnest({bind([ref.home for ref in refs], 'uuid[]')}, {bind([ref.id for ref in refs], 'uuid[]')})"
        " with ordinality as k(home, id, n)"
        f" join {source.table} r on r.organization = k.home and r.id = k.id {source.joins}"
        f" where {asked.sight.may_see(source, bind)}",
        bind,
    )
    found = {record["n"]: build(record) for record in records}
    return [found.get(n) for n in range(1, len(refs) + 1)]


async def children(asked: Asked, relation: Relation[T], parents: Sequence[Ref]) -> list[list[T]]:
    """All rows of each parent; for lists that the noun itself keeps short."""
    source, bind = relation.source, Arguments()
    select, build = _prepared(source)
    records = await asked.reader.fetch(
        f"select p.n, {select}, {asked.sight.seen(source, bind)}"
        f" from {_parents(parents, bind)} cross join {source.table} r {source.joins}"
        f" where {relation.on} and {asked.sight.may_see(source, bind)} order by p.n, {relation.order}",
        bind,
    )
    found: list[list[T]] = [[] for _ in parents]
    for record in records:
        found[record["n"] - 1].append(build(record))
    return found


async def pages(
    asked: Asked, relation: Relation[T], parents: Sequence[Ref], wanted: Wanted, after: tuple[str, ...] | None
) -> list[Page[T]]:
    """One page per parent, in one statement."""
    source, bind = relation.source, Arguments()
    select, build = _prepared(source)
    sort, way = source.sorts[wanted.sort], "desc" if wanted.descending else "asc"
    keyset = "true"
    if after is not None:
        sign = "<" if wanted.descending else ">"
        key = f"({bind(after[0], 'text')}::{sort.type}, {bind(after[1], 'text')}::uuid)"
        keyset = f"({sort.sql}, r.id) {sign} {key}"
    records = await asked.reader.fetch(
        f"select p.n, c.* from {_parents(parents, bind)} cross join lateral ("
        f"select {select}, {asked.sight.seen(source, bind)},"
        f" {sort.sql} as sort_key, ({sort.sql})::text as sort_text"
        f" from {source.table} r {source.joins} where {relation.on} and {_where(asked, source, wanted.filter, bind)}"
        f" and {keyset} order by {sort.sql} {way}, r.id {way} limit {bind(wanted.first + 1, 'int')}) c"
        f" order by p.n, c.sort_key {way}, c.id {way}",
        bind,
    )
    rows: list[list[asyncpg.Record]] = [[] for _ in parents]
    for record in records:
        rows[record["n"] - 1].append(record)
    return [
        Page(
            items=[build(record) for record in mine[: wanted.first]],
            keys=[(record["sort_text"], str(record["id"])) for record in mine[: wanted.first]],
            more=len(mine) > wanted.first,
        )
        for mine in rows
    ]


async def counts(
    asked: Asked, relation: Relation[T], parents: Sequence[Ref], filter: Mapping[str, Any]
) -> list[int | None]:
    """How many rows each parent has, up to 10,000; None beyond."""
    source, bind = relation.source, Arguments()
    records = await asked.reader.fetch(
        f"select p.n, (select count(*) from (select 1 from {source.table} r {source.joins}"
        f" where {relation.on} and {_where(asked, source, filter, bind)} limit {COUNTED + 1}) x) as count"
        f" from {_parents(parents, bind)} order by p.n",
        bind,
    )
    return [record["count"] if record["count"] <= COUNTED else None for record in records]


def _parents(parents: Sequence[Ref], bind: Arguments) -> str:
    homes, ids = bind([p.home for p in parents], "uuid[]"), bind([p.id for p in parents], "uuid[]")
    return f"unnest({homes}, {ids}) with ordinality as p(home, id, n)"


def _where(asked: Asked, source: Source[T], filter: Mapping[str, Any], bind: Arguments) -> str:
    conditions = [asked.sight.may_see(source, bind)]
    for name, value in filter.items():
        condition = source.filters[name]
        conditions.append(condition.sql.format(bind(_bound(condition, value), condition.type)))
    return " and ".join(conditions)


def _bound(condition: Filter, value: Any) -> Any:
    if condition.pattern:
        return escaped(value)
    return list(value) if condition.type.endswith("[]") else value
