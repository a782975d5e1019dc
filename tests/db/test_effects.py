"""The list of effects is closed: every value has its function and its phase, and every function its value."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest

from db import definition
from db.generator.effects import EFFECTS, FUNCTIONS, argument_names
from db.generator.rows import put_tables
from db.generator.words import table_of
from domain.machines import ACTIONS, FIXED, MACHINE_OF, MACHINES

FOLDER = Path(definition.__file__).parent / "effects"
PHASES = {
    "EpochBump": 10,
    "StandingBump": 10,
    "Advance": 20,
    "NumberTake": 25,
    "CartLineAdd": 30,
    "CartLinePut": 30,
    "Create": 40,
    "Put": 41,
    "Post": 50,
    "StepRecord": 50,
    "TimerSet": 51,
    "TimerClear": 51,
    "VaultPut": 51,
    "StockMove": 70,
}
# Generated from machines and tables, not written by hand.
GENERATED = {"Advance", "Create", "Put"}
SPELLED = {"row": "line_row"}  # `row` is a word of SQL


def test_every_effect_has_its_phase() -> None:
    """Own rows first, so that a loser is stale; hot rows last."""
    assert {effect.__name__: effect.phase for effect in EFFECTS} == PHASES


def test_every_effect_has_one_function_in_one_file() -> None:
    """Values and files match one to one; nothing else lives in the folder."""
    assert {effect.__name__ for effect in EFFECTS} == FUNCTIONS.keys() | GENERATED
    assert {file.stem for file in FOLDER.glob("*.sql")} == set(FUNCTIONS.values())


@pytest.mark.parametrize("effect", [e for e in EFFECTS if e.__name__ in FUNCTIONS], ids=lambda e: e.__name__)
async def test_arguments_are_the_fields(shared: asyncpg.Connection, effect: Any) -> None:
    """A function takes the fields of its value, in their order; text arrives sealed."""
    found = await shared.fetchval("select proargnames from pg_proc where proname = $1", FUNCTIONS[effect.__name__])
    assert found == [SPELLED.get(name, name) for name in argument_names(effect)]


async def test_the_type_has_every_field(shared: asyncpg.Connection) -> None:
    """What no attribute takes would be lost on the way without a word."""
    rows = await shared.fetch("select attname from pg_attribute where attrelid = 'effect'::regclass and attnum > 0")
    wanted = {field.name for effect in EFFECTS for field in fields(effect)} - {"text"}
    assert {row["attname"] for row in rows} == wanted | {"kind", "entry", "cipher", "wrapped"}


async def test_nouns_and_tables_have_their_functions(shared: asyncpg.Connection) -> None:
    """`advance_<noun>` and `create_<noun>` for every machine, `put_<table>` for every table that Put may fill."""
    names = {
        row[0] for row in await shared.fetch("select proname from pg_proc where pronamespace = 'public'::regnamespace")
    }
    wanted = {f"{verb}_{noun}" for noun in MACHINES for verb in ("advance", "create")}
    wanted |= {f"put_{table.name}" for table in put_tables()}
    assert wanted <= names
    made = {name for name in names if name.startswith(("advance_", "create_", "put_"))}
    assert made - wanted == {"put_cart_line", "put_vault"}


async def test_effects_are_written_in_phase_order(shared: asyncpg.Connection) -> None:
    """However they arrive, effects are sorted by phase, noun and id; an Advance of a created row follows its Put."""
    made, other = "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"
    sent = [{"kind": kind, "noun": "order", "id": other} for kind in PHASES if kind not in GENERATED]
    sent += [{"kind": "Advance", "noun": "order", "id": other, "version": version} for version in (1, 2)]
    sent += [{"kind": "Create", "noun": "order", "id": made}, {"kind": "Put", "table": "approval", "id": other}]
    sent += [{"kind": "Advance", "noun": "order", "id": made, "version": version} for version in (1, 2)]
    Random(7).shuffle(sent)  # noqa: S311
    rows = await shared.fetch("select kind, id::text, version from unnest(parse_effects($1))", sent)
    kinds = [row["kind"] for row in rows]
    assert [k for k in kinds if k != "Advance"] == sorted((k for k in kinds if k != "Advance"), key=PHASES.__getitem__)
    moved = [(row["id"], row["version"]) for row in rows if row["kind"] == "Advance"]
    assert moved == [(other, 1), (other, 2), (made, 1), (made, 2)]
    assert kinds[kinds.index("Put") + 1] == "Advance"


async def test_declared_edges_and_no_others_are_ok(shared: asyncpg.Connection) -> None:
    """The generated function says yes to every declared edge, and no to every other pair of states and every event."""
    name = await shared.fetchval("select proname from pg_proc where proname like 'edge_ok_%'")
    asked, wrong = 0, []
    for action, machine in MACHINE_OF.items():
        declared = set(ACTIONS[action].edges())
        for source in (None, *machine.states):
            for target in machine.states:
                asked += 1
                row = (machine.noun, source, target, action, ACTIONS[action].event)
                if await shared.fetchval(f"select {name}($1, $2, $3, $4, $5)", *row) is not (
                    (source, target) in declared
                ):
                    wrong.append(row)
    assert asked > 400
    assert not wrong
    assert not await shared.fetchval(f"select {name}('order', 'placed', 'approved', 'order.approve', 'order.rejected')")
    assert not await shared.fetchval(f"select {name}('cart', 'placed', 'approved', 'order.approve', 'order.approved')")


async def test_the_list_of_fixed_actions_is_closed(shared: asyncpg.Connection) -> None:
    """Exactly the actions that give back or record may be decided by the machine alone."""
    name = await shared.fetchval("select proname from pg_proc where proname like 'fixed_ok_%'")
    allowed = {a for a in ACTIONS if await shared.fetchval(f"select {name}('fixed', $1, '[]')", a)}
    assert allowed == FIXED
    assert "order.approve" not in allowed
    carried = {
        a
        for a in ACTIONS
        if await shared.fetchval(
            f"select {name}('fixed', 'saga.advance', jsonb_build_array(jsonb_build_object('action', $1::text)))", a
        )
    }
    assert carried == FIXED


def test_settable_and_frozen_columns_exist_and_differ() -> None:
    """A column that is frozen cannot be settable; both are columns of the table."""
    for noun in MACHINES:
        table = table_of(noun)
        settable, frozen = set(table.info.get("settable", ())), set(table.info.get("frozen", ()))
        assert settable | frozen <= set(table.columns.keys()), noun
        assert not settable & frozen, noun
