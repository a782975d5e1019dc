"""How a type shows domain objects: one helper per kind of field, so that a type is a page and holds no logic."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, dataclass_transform

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import Parameter

from db.source import Relation
from domain.command import Ref
from domain.model import Entity
from resolvers.context import Context
from resolvers.errors import withheld
from resolvers.nodes import nodes
from resolvers.paging import Listing, pages, wanted
from schema.directives import SEMANTIC
from schema.loaders import Batch, load

K = TypeVar("K", bound=type)
E = TypeVar("E", bound="Words")
R = TypeVar("R", bound=Callable[..., Any])
Info = strawberry.Info[Context, None]
# Domain class -> name of the GraphQL type that shows it, or how to tell from the object.
NAMES: dict[type, str | Callable[[Any], str]] = {}


def shows(*models: type, name: str | None = None) -> Callable[[K], K]:
    """An object type whose objects are those of the domain; its docstring is its description."""

    def decorate(cls: K) -> K:
        def is_type_of(obj: Any, info: Any) -> bool:
            return isinstance(obj, models)

        setattr(cls, "is_type_of", staticmethod(is_type_of))  # noqa: B010 -- mypy knows no such attribute
        for model in models:
            NAMES[model] = name or cls.__name__
        return strawberry.type(cls, name=name, description=_first(cls))

    return decorate


def described(cls: K) -> K:
    """A plain object type that is made of what its fields say."""
    return strawberry.type(cls, description=_first(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def taken(cls: K) -> K:
    """An input type; its docstring is its description. Resolvers get what `plain` makes of it."""
    return handed_plainly(strawberry.input(cls, description=_first(cls)))


def handed_plainly(cls: K) -> K:
    """An input type whose values are never made: GraphQL has checked them, and everybody wants them plain."""
    definition: Any = cls.__strawberry_definition__  # type: ignore[attr-defined]
    definition.from_input = lambda _cls, value, _context: plain(value)
    return cls


@cache
def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


class Words(Enum):
    """An enum whose values are the words of domain and SQL: `PLACED = auto()` is `placed` there."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:  # noqa: ARG004
        return name.lower()


def listed(cls: type[E]) -> type[E]:
    """A GraphQL enum; its docstring is its description."""
    return strawberry.enum(cls, description=_first(cls))


def _first(cls: type) -> str | None:
    return inspect.cleandoc(cls.__doc__) if "__doc__" in vars(cls) and cls.__doc__ else None


def type_name(obj: Any, _info: Any = None, _type: Any = None) -> str:
    """The GraphQL type of a domain object, for interfaces."""
    named = NAMES[type(obj)]
    return named if isinstance(named, str) else named(obj)


_PLAIN: set[Callable[..., Any]] = set()


def plainly(resolve: R) -> R:
    """Says of a resolver that it only looks at its root: nothing is read for it."""
    _PLAIN.add(resolve)
    return resolve


def is_plain(field: StrawberryField) -> bool:
    """Whether a field only looks at its root; one without a resolver is an attribute."""
    resolver = field.base_resolver
    return resolver is None or resolver.wrapped_func in _PLAIN


def field(
    resolve: Callable[..., Any],
    description: str | None = None,
    *,
    semantic: bool = False,
    group: str | None = None,
) -> Any:
    """A field by a function of (root, info, …); `group` withholds it from whoever policy does not show that group."""

    async def guarded(root: Any, info: Info, **arguments: Any) -> Any:
        if group is not None and group not in root.seen:
            raise withheld()
        found = resolve(root, info, **arguments)
        return await found if inspect.isawaitable(found) else found

    chosen: Any = resolve if group is None else guarded
    if group is not None:
        guarded.__signature__ = inspect.signature(resolve, eval_str=True)  # type: ignore[attr-defined]
        if resolve in _PLAIN:
            plainly(guarded)
    return strawberry.field(resolver=chosen, description=description, directives=[SEMANTIC] if semantic else [])


def noticed(description: str | None = None) -> Any:
    """An attribute of the same name that is null only together with an error."""
    return strawberry.field(description=description, directives=[SEMANTIC])


def shown(
    read: Callable[[Any], Any], description: str | None = None, *, semantic: bool = False, group: str | None = None
) -> Any:
    """A plain value of the root."""

    @plainly
    def resolve(root: Any, info: Info) -> Any:
        return read(root)

    return field(resolve, description, semantic=semantic, group=group)


def told(attribute: str, description: str | None = None, *, group: str | None = None, semantic: bool = False) -> Any:
    """An attribute of the root under another name, or of one of its groups."""

    @plainly
    def resolve(root: Any, info: Info) -> Any:
        return getattr(root, attribute)

    return field(resolve, description, group=group, semantic=semantic)


def one(
    ref: Callable[[Context, Any], Ref | None],
    description: str | None = None,
    *,
    optional: bool = False,
    semantic: bool = True,
    group: str | None = None,
) -> Any:
    """Another object. Unless `optional`, one that the viewer may not know is null with an error."""

    async def resolve(root: Any, info: Info) -> Any:
        target = ref(info.context, root)
        found = None if target is None else await load(info.context, nodes, target)
        if found is None and not optional:
            raise withheld()
        return found

    return field(resolve, description, semantic=semantic and not optional, group=group)


def many(
    relation: Relation[Any], description: str | None = None, *, semantic: bool = False, group: str | None = None
) -> Any:
    """All rows of a list that the noun itself keeps short."""

    async def resolve(root: Any, info: Info) -> Any:
        return await load(info.context, _children, root, relation, under=relation)

    return field(resolve, description, semantic=semantic, group=group)


async def _children(context: Context, relation: Relation[Any], parents: list[Entity]) -> list[list[Any]]:
    return await context.children(relation, parents)


def computed(batch: Batch, description: str | None = None, *, semantic: bool = False, group: str | None = None) -> Any:
    """Whatever a batch function of `resolvers/` answers for the root."""

    async def resolve(root: Any, info: Info) -> Any:
        return await load(info.context, batch, root)

    return field(resolve, description, semantic=semantic, group=group)


def paged(
    listing: Listing[Any],
    description: str | None = None,
    *,
    parent: Callable[[Context, Any], Ref] = lambda _, root: root.ref,
    filter: type | None = None,
    sort: Any = None,
    more: dict[str, tuple[Any, Any]] | None = None,
    always: Callable[[Context], Mapping[str, Any]] | None = None,
    semantic: bool = True,
    group: str | None = None,
) -> Any:
    """A list by pages. `more` are further filters given as arguments: name -> (type, default); `always` are filters
    that nobody asks for.
    """

    async def resolve(root: Any, info: Info, **arguments: Any) -> Any:
        context = info.context
        given = {name: plain(value) for name, value in arguments.items()}
        page = wanted(context, listing, given | dict(always(context) if always else {}))
        under = (listing, repr(page))
        return await load(context, pages, parent(context, root), listing, page, under=under)

    asked: dict[str, tuple[Any, Any]] = {
        **({"filter": (filter | None, strawberry.UNSET)} if filter else {}),
        **(more or {}),
        **({"sort": (type(sort) | None, sort)} if sort is not None else {}),
        "first": (int | None, 20),
        "after": (str | None, strawberry.UNSET),
    }
    resolve.__signature__ = _signature(asked)  # type: ignore[attr-defined]
    return field(resolve, description, semantic=semantic, group=group)


def _signature(asked: dict[str, tuple[Any, Any]]) -> inspect.Signature:
    """Of strawberry's own parameters, whose defaults need not be hashable."""
    positional, keyword = Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY
    return inspect.Signature(
        [
            Parameter("root", positional, annotation=Any),
            Parameter("info", positional, annotation=Info),
            *(Parameter(n, keyword, annotation=kind, default=value) for n, (kind, value) in asked.items()),
        ]
    )


def plain(value: Any) -> Any:
    """An argument without GraphQL: inputs as dicts in snake_case without what was left out, enums as their words."""
    if value is strawberry.UNSET:
        return None
    if isinstance(value, dict):
        return {_snake(name): plain(item) for name, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
