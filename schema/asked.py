"""What of a payload the client asked for: which nouns, and whether showing them reads more than them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)
from strawberry.types.field import StrawberryField

from schema.bind import Info, is_plain

_STRAWBERRY = "strawberry-definition"
Fragments = Mapping[str, FragmentDefinitionNode]


def asked(info: Info) -> tuple[frozenset[str], bool]:
    """The names of the payload's fields, and whether everything below them comes along with their objects.

    Directives that may leave a field out are not looked at: then one is read that nobody sees.
    """
    raw = info._raw_info  # noqa: SLF001 -- strawberry's own view of the selection resolves every argument
    payload = get_named_type(raw.return_type)
    names: set[str] = set()
    alone = True
    for node in raw.field_nodes:
        if node.selection_set is not None:
            for field in _fields(node.selection_set, raw.fragments):
                names.add(field.name.value)
                alone = alone and _comes_along(raw.schema, payload, field, raw.fragments, top=True)
    return frozenset(names), alone


def _fields(selections: SelectionSetNode, fragments: Fragments) -> list[FieldNode]:
    """Of a payload, which is no interface: its fragments are all of its own type."""
    found: list[FieldNode] = []
    for node in selections.selections:
        if isinstance(node, FieldNode):
            found.append(node)
        else:
            found += _fields(_inner(node, fragments).selection_set, fragments)
    return found


def _inner(node: SelectionNode, fragments: Fragments) -> InlineFragmentNode | FragmentDefinitionNode:
    if isinstance(node, FragmentSpreadNode):
        return fragments[node.name.value]
    return cast("InlineFragmentNode", node)


def _comes_along(
    schema: GraphQLSchema, parent: GraphQLNamedType, node: FieldNode, fragments: Fragments, *, top: bool = False
) -> bool:
    name = node.name.value
    if name == "__typename":
        return True
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or (
        not top and name not in _plain_fields(schema, parent)
    ):
        return False
    below = node.selection_set
    return below is None or _all_along(schema, get_named_type(parent.fields[name].type), below, fragments)


def _all_along(
    schema: GraphQLSchema, parent: GraphQLNamedType, selections: SelectionSetNode, fragments: Fragments
) -> bool:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            if not _comes_along(schema, parent, node, fragments):
                return False
            continue
        inner = _inner(node, fragments)
        condition = None if isinstance(parent, GraphQLObjectType) else inner.type_condition
        below = parent if condition is None else schema.type_map[condition.name.value]
        if not _all_along(schema, below, inner.selection_set, fragments):
            return False
    return True


@cache
def _plain_fields(schema: GraphQLSchema, parent: GraphQLObjectType | GraphQLInterfaceType) -> frozenset[str]:
    """Fields that only look at their object, in every type that the parent may turn out to be."""
    kinds = schema.get_possible_types(parent) if isinstance(parent, GraphQLInterfaceType) else (parent,)
    return frozenset(name for name in parent.fields if all(_looks_only(kind, name) for kind in kinds))


def _looks_only(kind: GraphQLObjectType, name: str) -> bool:
    found = kind.fields[name].extensions.get(_STRAWBERRY)
    return isinstance(found, StrawberryField) and is_plain(found)
