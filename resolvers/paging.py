"""Pages of a list: what was asked is bounded and decoded here, what came gets its cursors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from db.source import Relation
from domain.command import Ref
from domain.model import Entity
from domain.page import MOST, Wanted
from resolvers.context import Context
from resolvers.errors import bad_request, withheld

T = TypeVar("T", bound=Entity)


@dataclass(frozen=True, eq=False)
class Listing(Generic[T]):
    """A list that is read by pages. `ids` says which filters are global ids, and of which nouns (any when empty)."""

    relation: Relation[T]
    sort: str
    descending: bool = True
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge(Generic[T]):
    cursor: str
    node: T


@dataclass(frozen=True, slots=True)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Connection(Generic[T]):
    """One page; `parent` and `wanted` let the whole list be counted when somebody asks."""

    edges: Sequence[Edge[T]]
    page_info: PageInfo
    listing: Listing[T]
    parent: Ref
    wanted: Wanted


def wanted(context: Context, listing: Listing[T], asked: Mapping[str, Any]) -> Wanted:
    """The page that the arguments ask for. Raises `RequestError` BAD_REQUEST for a page size out of bounds."""
    first = asked.get("first")
    if first is None:
        first = 20
    if not 1 <= first <= MOST:
        raise bad_request(f"`first` must be from 1 to {MOST}.")
    sort = asked.get("sort") or {}
    return Wanted(
        sort=sort.get("by", listing.sort),
        descending=sort["direction"] == "desc" if "direction" in sort else listing.descending,
        first=first,
        after=asked.get("after"),
        filter=_filter(context, listing, asked),
    )


def _filter(context: Context, listing: Listing[T], asked: Mapping[str, Any]) -> dict[str, Any]:
    given = {k: v for k, v in asked.items() if k not in ("first", "after", "sort", "filter")}
    given |= asked.get("filter") or {}
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        if name in listing.ids:
            found[name] = _ids(context, value, listing.ids[name])
        elif isinstance(value, Mapping):
            found |= {f"{name}.{end}": at for end, at in value.items() if at is not None}
        else:
            found[name] = value
    return found


def _ids(context: Context, values: Sequence[str], nouns: tuple[str, ...]) -> list[Any]:
    """What does not decode matches nothing, like an id that nobody has."""
    return [ref.id for ref in (context.decode(value, *nouns) for value in values) if ref is not None]


async def pages(context: Context, listing: Listing[T], page: Wanted, parents: Sequence[Ref]) -> Sequence[Connection[T]]:
    """One page per parent. Raises `RequestError` WITHHELD where policy shows the viewer nothing of the kind."""
    if context.blind(listing.relation.source):
        raise withheld()
    found = await context.pages(listing.relation, parents, page)
    where = context.place(listing.relation, page)
    seal = context.world.cursors.seal
    connections = []
    for parent, one in zip(parents, found, strict=True):
        edges = [Edge(seal(where, key), item) for item, key in zip(one.items, one.keys, strict=True)]
        info = PageInfo(
            has_next_page=one.more,
            has_previous_page=page.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        connections.append(Connection(edges, info, listing, parent, page))
    return connections


async def total_counts(context: Context, connections: Sequence[Connection[T]]) -> Sequence[int | None]:
    """How long each whole list is, up to 10,000; pages of one list of several parents are counted together."""
    first = connections[0]
    parents = [connection.parent for connection in connections]
    return await context.counts(first.listing.relation, parents, first.wanted.filter)
