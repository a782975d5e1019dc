"""The database's edge check against the machines, for every action, every pair of states and every event."""

from __future__ import annotations

from collections.abc import Iterator

from domain.machines import ACTIONS, MACHINE_OF, MACHINES
from tests.conftest import Database

CHECK = (
    "select conname, pg_get_constraintdef(oid) as body from pg_constraint where conname = 'journal_edge_is_declared'"
)
Row = tuple[str, str | None, str, str, str]


def everything() -> Iterator[tuple[Row, bool]]:
    """(noun, source, target, action, event), and whether the machine has it; other nouns and events once each."""
    for name, action in ACTIONS.items():
        machine = MACHINE_OF[name]
        for source in (None, *machine.states):
            for target in machine.states:
                yield (machine.noun, source, target, name, action.event), (source, target) in action.edges()
        source, target = action.edges()[0]
        yield (machine.noun, source, target, name, f"{action.event}.again"), False
        for other in MACHINES:
            yield (other, source, target, name, action.event), other == machine.noun
    yield ("order", "placed", "approved", "order.teleport", "order.teleported"), False
    yield ("order", "placed", "approved", "order.dispatch", "order.dispatched"), False


async def test_only_declared_edges_pass(shared_database: Database) -> None:
    """Asked of the function that the CHECK of the journal calls."""
    cases = list(everything())
    async with shared_database.connect() as owner:
        (check,) = await owner.fetch(CHECK)
        function = check["body"].partition("(")[2].lstrip("(").partition("(")[0]
        columns = [[row[n] for row, _ in cases] for n in range(5)]
        found = await owner.fetch(
            f"select {function}(noun, source, target, action, event) as ok from "
            "unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])"
            " as t(noun, source, target, action, event)",
            *columns,
        )
    wrong = [row for (row, expected), one in zip(cases, found, strict=True) if one["ok"] is not expected]
    assert wrong == []
    assert sum(expected for _, expected in cases) > len(ACTIONS)
