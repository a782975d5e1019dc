"""Our schema against the contract: all of ours is spelled as there, and what we lack is listed with its issue."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLSchema,
    build_schema,
    is_abstract_type,
    is_specified_directive,
    validate_schema,
)
from graphql.utilities import coerce_input_literal

import schema as room
from domain.machines import ACTIONS, MACHINES, MUTATIONS
from schema.export import generate

FOLDER = Path(__file__).parent
ROOM = Path(room.__file__).parent
ISSUE = "A"


@cache
def contract() -> GraphQLSchema:
    return build_schema((FOLDER / "schema.graphql").read_text(encoding="utf-8"))


@cache
def ours() -> GraphQLSchema:
    """What is committed, which is what `/schema.graphql` shows."""
    return build_schema((ROOM / "schema.graphql").read_text(encoding="utf-8"))


def actions() -> list[dict[str, str]]:
    with (FOLDER / "actions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pending() -> list[tuple[str, str]]:
    with (ROOM / "pending.csv").open(encoding="utf-8", newline="") as file:
        return [(row["element"], row["issue"]) for row in csv.DictReader(file)]


def elements(schema: GraphQLSchema) -> dict[str, str]:
    """Every element by its name (`Order`, `Order.lines`, `Query.orders(first)`, `@oneOf`), and how it is declared."""
    found: dict[str, str] = {}
    for directive in schema.directives:
        if not is_specified_directive(directive):
            places = "|".join(sorted(place.name for place in directive.locations))
            found[f"@{directive.name}"] = f"{places} repeatable={directive.is_repeatable}"
            found |= dict(_inputs(f"@{directive.name}", directive.args))
    for name, kind in schema.type_map.items():
        if not name.startswith("__"):
            found[name] = _kind(schema, kind)
            found |= dict(_members(name, kind))
    return found


def _kind(schema: GraphQLSchema, kind: Any) -> str:
    """What a type is beside its members: its sort, interfaces, specification, one-of."""
    parts = [type(kind).__name__, *sorted(face.name for face in getattr(kind, "interfaces", ()))]
    if getattr(kind, "specified_by_url", None):
        parts.append(kind.specified_by_url)
    if getattr(kind, "is_one_of", False):
        parts.append("oneOf")
    return " ".join(parts)


def _members(name: str, kind: Any) -> Iterator[tuple[str, str]]:
    for value in getattr(kind, "values", {}):
        yield f"{name}.{value}", "value"
    fields = getattr(kind, "fields", {})
    for field, given in fields.items():
        if hasattr(given, "args"):
            semantic = any(d.name.value == "semanticNonNull" for d in given.ast_node.directives or ())
            yield f"{name}.{field}", f"{given.type}{' semantic' if semantic else ''} {given.deprecation_reason or ''}"
            yield from _inputs(f"{name}.{field}", given.args)
    if not any(hasattr(given, "args") for given in fields.values()):
        yield from ((f"{name}.{field}", _input(given)) for field, given in fields.items())


def _inputs(owner: str, arguments: Any) -> Iterator[tuple[str, str]]:
    return ((f"{owner}({argument})", _input(given)) for argument, given in arguments.items())


def _input(given: Any) -> str:
    """The type and the default as it is understood: what the default leaves out has its own default."""
    node = given.ast_node.default_value
    return f"{given.type} = {'none' if node is None else coerce_input_literal(node, given.type)}"


def lacking() -> set[str]:
    """What the contract has and we do not; what belongs to something that is lacking is not named again."""
    known, mine = elements(contract()), elements(ours())
    return {name for name in known if name not in mine and not _owners(name) & (known.keys() - mine.keys())}


def _owners(name: str) -> set[str]:
    """`Query.orders(first)` belongs to `Query.orders` and to `Query`."""
    field = name.partition("(")[0]
    return {field, field.partition(".")[0]} - {name}


def test_both_schemas_are_valid() -> None:
    """The contract and what we commit are schemas."""
    assert validate_schema(contract()) == []
    assert validate_schema(ours()) == []


def test_what_is_committed_is_what_runs() -> None:
    """The file is what the running schema prints."""
    assert generate() == {"schema/schema.graphql": (ROOM / "schema.graphql").read_text(encoding="utf-8")}


def test_everything_of_ours_is_in_the_contract() -> None:
    """Each type, field, argument, enum value, directive and default is declared just so, nullability included."""
    known, mine = elements(contract()), elements(ours())
    differing = {name: (told, known.get(name)) for name, told in mine.items() if known.get(name) != told}
    assert differing == {}


def test_abstract_types_have_the_contracts_members() -> None:
    """An interface or union of ours is of the contract's types only, and of all of those that we have."""
    theirs, mine = contract(), ours()
    for name, kind in mine.type_map.items():
        if is_abstract_type(kind):
            wanted = {m.name for m in theirs.get_possible_types(theirs.type_map[name])}  # type: ignore[arg-type]
            assert {m.name for m in mine.get_possible_types(kind)} == wanted & mine.type_map.keys(), name


def test_what_we_lack_is_listed() -> None:
    """`schema/pending.csv` names exactly what the contract has and we do not; a row that came true is stale."""
    listed = [name for name, _ in pending()]
    assert sorted(set(listed)) == listed, "sorted, each once"
    assert {"missing": lacking() - set(listed), "stale": set(listed) - lacking()} == {"missing": set(), "stale": set()}


def test_what_we_lack_comes_with_a_later_issue() -> None:
    """Each row names its issue; a mutation and its input and payload the one of `actions.csv`."""
    letters = {row["mutation"]: row["issue"] for row in actions()}
    for name, issue in pending():
        assert issue in set(letters.values()) - {ISSUE}, name
        kind, _, field = name.partition(".")
        mutation = field if kind == "Mutation" else re.sub("(Input|Payload)$", "", kind[0].lower() + kind[1:])
        if mutation in letters and not (kind in elements(ours()) and kind != "Mutation"):
            assert issue == letters[mutation], name


def test_all_refusals_are_declared() -> None:
    """Every type of refusal is there from the start, whole but for the bookings of a taken slot."""
    theirs, mine = contract(), ours()
    refusals = {kind.name for kind in theirs.get_implementations(theirs.type_map["Refusal"]).objects}  # type: ignore[arg-type]
    assert {kind.name for kind in mine.get_implementations(mine.type_map["Refusal"]).objects} == refusals  # type: ignore[arg-type]
    left_out = {name for name in lacking() if name.partition(".")[0] in {*refusals, "Refusal", "RefusalCode"}}
    assert left_out == {"SlotTaken.bookings"}


@pytest.mark.parametrize(
    "row",
    [row for row in actions() if row["action"] in ACTIONS or row["issue"] == ISSUE],
    ids=lambda row: row["action"],
)
def test_each_action_is_the_contracts(row: dict[str, str]) -> None:
    """Same mutation, noun and event; between the states we have, the same edges, sources and targets."""
    action = ACTIONS[row["action"]]
    machine = next(machine for machine in MACHINES.values() if action in machine.actions)
    assert (action.mutation or "", machine.noun, action.event) == (row["mutation"], row["machine"], row["event"])
    reached = {"", *machine.states}
    wanted = {tuple(edge.split(">")) for edge in row["edges"].split("|")}
    edges = {(source or "", target) for source, target in action.edges()}
    assert edges == {edge for edge in wanted if set(edge) <= reached}
    assert set(action.sources) == {source for source in row["sources"].split("|") if source} & reached
    targets = set(row["target"].split("|"))
    assert set(action.targets) == (set() if targets == {"same"} else targets & reached)


def test_no_action_is_ours_alone() -> None:
    """Every action of ours is one of the contract's; its mutations are ours, or listed as lacking."""
    assert set(ACTIONS) <= {row["action"] for row in actions()}
    assert set(ours().mutation_type.fields) == set(MUTATIONS)  # type: ignore[union-attr]
    listed = {name.removeprefix("Mutation.") for name, _ in pending()}
    assert set(MUTATIONS) == {row["mutation"] for row in actions() if row["mutation"]} - listed
