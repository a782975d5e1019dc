"""Our actions against the committed contract: a subset, spelled the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from strawberry.types.base import StrawberryObjectDefinition

from domain.machines import ACTIONS, FIXED, MACHINE_OF, MUTATIONS
from resolvers.inputs import INPUTS, PRIVATE, SOURCES, camel
from schema.schema import SCHEMA

CONTRACT = Path(__file__).resolve().parents[1] / "contract" / "actions.csv"
ROWS = {row["action"]: row for row in csv.DictReader(CONTRACT.read_text(encoding="utf-8").splitlines())}


def split(value: str) -> set[str]:
    return {part for part in value.split("|") if part}


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_action_is_in_the_contract(name: str) -> None:
    """Same mutation, noun, event, key, version rule and no edge that the contract does not have."""
    action, row = ACTIONS[name], ROWS[name]
    assert (action.mutation or "") == row["mutation"]
    assert MACHINE_OF[name].noun == row["machine"]
    assert action.event == row["event"]
    assert action.key == row["idempotency_key"]
    assert action.expects == row["expected_version"]
    edges = {f"{source or ''}>{target}" for source, target in action.edges()}
    assert edges <= split(row["edges"])
    assert set(action.apart_from) == {other for other in split(row["apart_from"]) if "." in other}


def test_every_action_of_the_first_issue_exists() -> None:
    """Nothing that the first issue names is missing; later ones add to it."""
    assert {name for name, row in ROWS.items() if row["issue"] == "A"} <= set(ACTIONS)


def test_every_mutation_has_its_line_and_its_input() -> None:
    """The machines' mutations are the schema's fields, and `resolvers/inputs.py` has a row for each and no other."""
    mutations = SCHEMA.get_type_by_name("Mutation")
    assert isinstance(mutations, StrawberryObjectDefinition)
    assert {camel(field.python_name) for field in mutations.fields} == set(MUTATIONS) == set(INPUTS)


@pytest.mark.parametrize("mutation", sorted(MUTATIONS))
def test_every_field_of_an_input_is_read(mutation: str) -> None:
    """What a client may send is read by its row, is the target, or is about the call; nothing is silently dropped."""
    declared = SCHEMA.get_type_by_name(f"{mutation[0].upper()}{mutation[1:]}Input")
    assert isinstance(declared, StrawberryObjectDefinition)
    row = INPUTS[mutation]
    read = {SOURCES.get(name, name.removeprefix(PRIVATE)) for name in row.fields}
    about = {"idempotency_key", "dry_run", *(["expected_version"] if MUTATIONS[mutation].expects != "none" else [])}
    assert {field.python_name for field in declared.fields} == read | about | set((row.target or ())[:1])


def test_fixed_actions_are_the_closed_list() -> None:
    """What the machine decides alone only gives back, or records what a provider said."""
    assert {
        "authorization.confirm", "authorization.decline", "authorization.mark_unknown",
        "authorization.auto_reconcile", "authorization.auto_void", "capture.succeed", "capture.fail",
        "capture.mark_unknown", "purchase.await_provider", "purchase.compensate", "purchase.fail", "cart.reopen",
        "reservation.release", "reservation.return", "saga.advance", "saga.deny_step", "session.start",
    } == FIXED  # fmt: skip
