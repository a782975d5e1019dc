"""Every login sees exactly what the cells of `policies/matrix/reads.yaml` say: by id, in every list, group by group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest

from cli.seed_data import load
from tests.schema.demo import Demo
from tests.schema.visible import ROWS, Row, cells, logins, person_of, reach, rows_of, sees

LOGINS = [login["login"] for person in load("organizations")["people"] for login in person["logins"]]
SAMPLE = 100  # of one noun, which is one request; the story's own rows are its newest and always among them
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
LISTS = {
    "organizations": "organization",
    "people": "person",
    "grants": "grant",
    "vendors": "vendor",
    "services": "service",
    "purchases": "purchase",
    "orders": "order",
    "authorizations": "authorization",
    "sagas": "saga",
    "decisions": "decision",
    "journal": "journal_entry",
}
# Noun of the wire, group -> type and field that is withheld where the group is.
GROUPS = {
    ("organization", "address_book"): "... on Organization { it: addressBook { id } }",
    ("person", "contact"): "... on Person { it: email }",
    ("person", "access"): "... on Person { it: authorityEpoch }",
    ("variant", "prices"): "... on Variant { it: prices { edges { node { id } } } }",
    ("purchase", "payment"): "... on Purchase { it: authorizations { id } }",
    ("order", "purchase"): "... on Order { it: purchase { id } }",
    ("order", "address"): "... on Order { it: shippingAddress { city } }",
    ("order", "payment"): "... on Order { it: payment { id } }",
    ("shipment", "evidence"): "... on Shipment { it: evidence }",
    ("authorization", "provider"): "... on Authorization { it: attempts { id } }",
    ("journal_entry", "payload"): "... on JournalEntry { it: payload }",
    ("decision", "explain"): "... on Decision { it: input }",
}
# Groups of nouns that no field of this issue shows.
UNSHOWN = {("vendor", "terms"), ("order", "risk"), ("stock", "counts")}


@pytest.fixture(scope="module")
async def owner(demo: Demo) -> AsyncIterator[asyncpg.Connection]:
    async with demo.database.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
async def everything(owner: asyncpg.Connection) -> dict[str, list[Row]]:
    """All rows of all nouns, thinned where there are many."""
    found = {}
    for noun in ROWS:
        rows = await rows_of(owner, noun)
        found[noun] = rows if len(rows) <= SAMPLE else list(dict.fromkeys(rows[:: len(rows) // 40][:40] + rows[-60:]))
    return found


def pieces(rows: Sequence[Row]) -> list[Sequence[Row]]:
    return [rows[start : start + 100] for start in range(0, len(rows), 100)]


async def test_the_logins_are_those_of_the_demo(owner: asyncpg.Connection) -> None:
    """Nobody signs in whom these tests leave out."""
    assert sorted(LOGINS) == await logins(owner)


def test_every_cell_is_looked_at() -> None:
    """Each noun and group of the file decides about something that is asked here."""
    asked = {(noun, group) for noun, group, _ in ROWS.values()} | {(ROWS[noun][0], group) for noun, group in GROUPS}
    every = {(noun, group) for noun, groups in cells()["nouns"].items() for group in groups}
    assert every - asked == UNSHOWN | {("stock", "summary")}


def test_the_story_has_something_of_every_noun(everything: dict[str, list[Row]]) -> None:
    """No noun is found right for want of rows."""
    assert {noun for noun, rows in everything.items() if len(rows) < 2} == {"policy_revision"}


@pytest.mark.parametrize("login", LOGINS)
async def test_nodes_are_what_the_cells_say(
    demo: Demo, owner: asyncpg.Connection, everything: dict[str, list[Row]], login: str
) -> None:
    """Whatever anybody may know of is found by its id, and nothing else."""
    person = await person_of(owner, login)
    for noun, rows in everything.items():
        for piece in pieces(rows):
            ids = [demo.encode(noun, row.home, row.id) for row in piece]
            found = (await demo.data(login, NODES, ids=ids))["nodes"]
            wanted = [{"id": id} if sees(person, noun, row) else None for id, row in zip(ids, piece, strict=True)]
            assert found == wanted, (noun, person)


@pytest.mark.parametrize("login", LOGINS)
async def test_lists_are_what_the_cells_say(demo: Demo, owner: asyncpg.Connection, login: str) -> None:
    """Each list has exactly what its viewer may see; one of which policy shows nothing is withheld as a whole."""
    person = await person_of(owner, login)
    for field, noun in LISTS.items():
        about, group, _ = ROWS[noun]
        wanted = [demo.encode(noun, row.home, row.id) for row in await rows_of(owner, noun) if sees(person, noun, row)]
        if reach(person, about, group) == "none" and about not in cells()["open"]:
            answer = await demo.ask(login, f"{{ {field} {{ edges {{ cursor }} }} }}")
            assert (answer.data, answer.errors) == ({field: None}, {field: "WITHHELD"}), person
        else:
            assert sorted(await listed(demo, login, field)) == sorted(wanted), (field, person)


async def listed(demo: Demo, login: str, field: str) -> list[str]:
    """Every id of a list, page by page."""
    document = f"query($after: String) {{ it: {field}(first: 100, after: $after) {{ edges {{ node {{ id }} }}"
    found, after = [], None
    while True:
        page = (await demo.data(login, f"{document} pageInfo {{ hasNextPage endCursor }} }} }}", after=after))["it"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("login", LOGINS)
async def test_groups_are_what_the_cells_say(
    demo: Demo, owner: asyncpg.Connection, everything: dict[str, list[Row]], login: str
) -> None:
    """A field of a group is shown or withheld with an error at its path, row by row."""
    person = await person_of(owner, login)
    for (noun, group), selection in GROUPS.items():
        rows = [row for row in everything[noun] if sees(person, noun, row)][-20:]
        ids = [demo.encode(noun, row.home, row.id) for row in rows]
        answer = await demo.ask(login, f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {selection} }} }}", {"ids": ids})
        hidden = {f"nodes.{n}.it" for n, row in enumerate(rows) if not sees(person, noun, row, group)}
        assert answer.errors == dict.fromkeys(hidden, "WITHHELD"), (noun, group, person)
        assert [node["id"] for node in answer.data["nodes"]] == ids


@pytest.mark.parametrize("login", LOGINS)
async def test_counts_of_stock_are_the_vendors(
    demo: Demo, owner: asyncpg.Connection, everything: dict[str, list[Row]], login: str
) -> None:
    """What is available is known to everybody; what is on hand and held follows the cells of stock."""
    person = await person_of(owner, login)
    on_sale = [row for row in everything["variant"] if row.open][:20]
    ids = [demo.encode("variant", row.home, row.id) for row in on_sale]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Variant { stock { available onHand held } } } }"
    answer = await demo.ask(login, document, {"ids": ids})
    wide = reach(person, "stock", "counts")
    for n, (row, node) in enumerate(zip(on_sale, answer.data["nodes"], strict=True)):
        if node["stock"] is None:  # a slot
            continue
        seen = wide == "all" or (wide == "organization" and row.home == person.organization)
        assert (f"nodes.{n}.stock.onHand" not in answer.errors) == seen
        assert (node["stock"]["held"] is not None) == seen
        assert node["stock"]["available"] is not None


async def test_nobody_sees_nothing(demo: Demo, everything: dict[str, list[Any]]) -> None:
    """Without a session there is no list and no object, not even what is on sale; only `viewer` answers: null."""
    for field in LISTS:
        answer = await demo.ask(None, f"{{ {field} {{ edges {{ cursor }} }} }}")
        assert (answer.data, answer.errors) == ({field: None}, {field: "UNAUTHENTICATED"})
    row = everything["service"][0]
    answer = await demo.ask(None, NODES, {"ids": [demo.encode("service", row.home, row.id)]})
    assert answer.errors == {"nodes": "UNAUTHENTICATED"}
    assert await demo.data(None, "{ viewer { roles } }") == {"viewer": None}
