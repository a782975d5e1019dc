"""The default page sizes of a schema; the cost of a document needs them where it names no size itself."""

from __future__ import annotations

from graphql import GraphQLArgument, GraphQLSchema, IntValueNode, is_object_type


def page_defaults(schema: GraphQLSchema) -> dict[str, int]:
    """The largest default page by field name, for fields that name no `first`.

    Introspection has long lists without pages; weighed so, the usual one fits once, whatever the schema grows to.
    """
    found: dict[str, int] = {"types": 100, "fields": 4}
    for kind in schema.type_map.values():
        for name, field in kind.fields.items() if is_object_type(kind) else ():
            size = _default(field.args.get("first"))
            if size is not None:
                found[name] = max(found.get(name, 1), size)
    return found


def _default(argument: GraphQLArgument | None) -> int | None:
    """Built from text an argument keeps its default as a node, built by code as a value."""
    if argument is None:
        return None
    literal = getattr(argument.default, "literal", None)
    value = int(literal.value) if isinstance(literal, IntValueNode) else argument.default_value
    return value if isinstance(value, int) else None
