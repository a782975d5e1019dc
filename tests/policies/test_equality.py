"""One set of actions everywhere: machines, contract, mutations of the API, matrix, and what the engine gets of it."""

from __future__ import annotations

import csv
from pathlib import Path

from graphql import GraphQLObjectType, build_schema

from adapters.opa import tree
from adapters.opa.inputs import transitions_of
from adapters.opa.schemas import asked_actions
from domain.machines import ACTIONS, FIXED, MACHINE_OF, MACHINES, MUTATIONS

ROOT = Path(__file__).resolve().parents[2]
FIRST_ISSUE = "A"


def contract() -> dict[str, dict[str, str]]:
    text = (ROOT / "tests/contract/actions.csv").read_text(encoding="utf-8")
    return {row["action"]: row for row in csv.DictReader(text.splitlines()) if row["issue"] == FIRST_ISSUE}


def test_actions_are_one_set() -> None:
    """Machines, contract, rows of the matrix, and machine data of the engine."""
    assert set(ACTIONS) == set(contract()) == set(tree.rows()) == set(tree.machines()["actions"])
    assert {*asked_actions(), *FIXED} == set(ACTIONS)
    assert not set(asked_actions()) & FIXED


def test_mutations_are_one_set() -> None:
    """The API has a field for each action of a person, and none without an action."""
    schema = build_schema((ROOT / "schema/schema.graphql").read_text(encoding="utf-8"))
    root = schema.mutation_type
    assert isinstance(root, GraphQLObjectType)
    named = {row["mutation"] for row in contract().values() if row["mutation"]}
    assert set(root.fields) == set(MUTATIONS) == named


def test_people_do_mutations_and_the_system_the_rest() -> None:
    """By the cells: no mutation is for the system alone, and nobody does what has no mutation."""
    for name, row in tree.rows().items():
        people = set(row) - {"system"}
        assert bool(people) == (ACTIONS[name].mutation is not None), name


def test_the_engine_has_the_machines_edges() -> None:
    """Edge by edge, and who must be apart."""
    given = tree.machines()
    assert {noun: one["states"] for noun, one in given["nouns"].items()} == {
        noun: list(machine.states) for noun, machine in MACHINES.items()
    }
    for name, action in ACTIONS.items():
        edges = {(source or None, t) for source, targets in given["actions"][name]["edges"].items() for t in targets}
        assert edges == set(action.edges()), name
        assert given["actions"][name]["apart_from"] == list(action.apart_from)
        assert given["actions"][name]["noun"] == MACHINE_OF[name].noun
        assert given["actions"][name]["creates"] == action.creates


def test_whoever_must_be_apart_is_told_to_the_policy() -> None:
    """Each duty that is compared is a transition, so that `actors` carries its persons."""
    duties = {(name, duty) for name, action in ACTIONS.items() for duty in action.apart_from}
    added = {(name, duty) for name, more in tree.cells("separation")["dynamic"].items() for duty in more}
    assert duties
    assert all(duty in transitions_of(name) for name, duty in duties | added)
