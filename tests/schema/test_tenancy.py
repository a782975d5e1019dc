"""Nothing of another tenant is told by id, filter, cursor, sort, count or nested edge; foreign is like unknown."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.command import Ref
from tests.gateway.ground import Answer, Client
from tests.schema.demo import Demo, new_key
from tests.schema.story import AGENT, AUDITOR, BUYER, GLOBEX, MANAGER, OTHER_AGENT, OTHER_MANAGER
from tests.schema.visible import ROWS, Row, person_of, rows_of, sees

# Nouns whose rows have an owner organization that others must not hear of.
PRIVATE = (
    "purchase",
    "order",
    "order_line",
    "payment",
    "cart",
    "authorization",
    "session",
    "grant",
    "price",
    "decision",
)
TENANTS = (BUYER, GLOBEX, MANAGER, AGENT, OTHER_MANAGER, OTHER_AGENT, "newvendor@northlift.example")


@pytest.fixture(scope="module")
async def owner(demo: Demo) -> AsyncIterator[asyncpg.Connection]:
    async with demo.database.connect() as connection:
        yield connection


async def foreign(demo: Demo, owner: asyncpg.Connection, login: str, noun: str) -> Ref:
    """Something that exists and that `login` may not know of."""
    person = await person_of(owner, login)
    row: Row = next(row for row in await rows_of(owner, noun) if not sees(person, noun, row))
    return Ref(noun, row.home, row.id)


async def likes(demo: Demo, owner: asyncpg.Connection, login: str, noun: str) -> dict[str, str]:
    """Ids that must all be answered alike: foreign, unknown, forged for the viewer's home, of no form at all."""
    theirs = await foreign(demo, owner, login, noun)
    person = await person_of(owner, login)
    genuine = demo.ids.encode(theirs)
    return {
        "foreign": genuine,
        "unknown": demo.ids.encode(Ref(noun, theirs.home, UUID(int=7))),
        "mine unknown": demo.ids.encode(Ref(noun, person.organization, UUID(int=8))),
        "moved home": demo.ids.encode(Ref(noun, person.organization, theirs.id)),
        "forged": genuine[:-2] + ("AA" if genuine[-2:] != "AA" else "BB"),
        "no id": "order-1",
    }


async def same(demo: Demo, http: Client, login: str, document: str, given: list[dict[str, Any]]) -> bytes:
    """All requests are answered with the same bytes, after the same number of statements; the answer."""
    answers, counts = [], []
    await http.ask(document, given[0], demo.token(login))  # a new connection learns its types and statements first
    for variables in given:
        with demo.statements.watch() as watched:
            answer = await http.ask(document, variables, demo.token(login))
        answers.append(raw(answer))
        counts.append(len(watched))
    assert len(set(answers)) == 1, answers
    assert len(set(counts)) == 1, counts
    return answers[0]


def raw(answer: Answer) -> bytes:
    """Status and body, without the ids of the single request."""
    body = json.loads(json.dumps(answer.body))
    for error in body.get("errors", ()):
        del error["extensions"]["requestId"], error["extensions"]["traceId"]
    return json.dumps([answer.status, body], sort_keys=True).encode()


@pytest.mark.parametrize("noun", PRIVATE)
async def test_a_foreign_id_is_like_an_unknown_one(
    demo: Demo, http: Client, owner: asyncpg.Connection, noun: str
) -> None:
    """`node` answers null, byte for byte and statement for statement the same."""
    ids = await likes(demo, owner, BUYER, noun)
    document = "query($id: ID!) { node(id: $id) { __typename id } }"
    found = await same(demo, http, BUYER, document, [{"id": id} for id in ids.values()])
    assert json.loads(found) == [200, {"data": {"node": None}}]


async def test_a_foreign_order_is_like_an_unknown_one(demo: Demo, http: Client, owner: asyncpg.Connection) -> None:
    """By id, by number and among others."""
    ids = await likes(demo, owner, BUYER, "order")
    document = "query($by: OrderRef!) { order(by: $by) { id } }"
    found = await same(demo, http, BUYER, document, [{"by": {"id": id}} for id in ids.values()])
    assert json.loads(found) == [200, {"data": {"order": None}}]
    number = await owner.fetchval("select number from orders where number like 'GLOBEX-%' limit 1")
    numbers = [{"by": {"number": text}} for text in (number, "GLOBEX-9999-1", "ACME-9999-1", "%", "")]
    assert json.loads(await same(demo, http, BUYER, document, numbers)) == [200, {"data": {"order": None}}]
    many = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    (mine,) = [e["node"]["id"] for e in (await demo.data(BUYER, "{ orders(first: 1) { edges { node { id } } } }"))[
        "orders"
    ]["edges"]]  # fmt: skip
    await same(demo, http, BUYER, many, [{"ids": [mine, id]} for id in ids.values()])


@pytest.mark.parametrize("mutation", ["orderCancel", "orderApprove", "orderDispatch", "orderComplete"])
async def test_acting_on_a_foreign_order_is_like_acting_on_an_unknown_one(
    demo: Demo, http: Client, owner: asyncpg.Connection, mutation: str
) -> None:
    """The same bytes, the same number of statements, the same number of questions; nothing is kept."""
    ids = await likes(demo, owner, BUYER, "order")
    kept = "select count(*) from decision"
    more = {"reason": "No longer needed."} if mutation == "orderCancel" else {}
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = f"""mutation($input: {kind}!) {{ {mutation}(input: $input) {{ order {{ id }} replayed
      refusal {{ __typename code message retryable ... on Denied {{ decisionId reasons {{ code }} }} }} }} }}"""
    await http.ask("{ viewer { roles } }", token=demo.token(BUYER))
    before = await owner.fetchval(kept)
    given = [
        {"input": {"orderId": id, "expectedVersion": 1, "idempotencyKey": new_key(), **more}} for id in ids.values()
    ]
    (status, body) = json.loads(await same(demo, http, BUYER, document, given))
    assert (status, body["data"][mutation]["refusal"]["code"]) == (200, "NOT_FOUND")
    assert await owner.fetchval(kept) == before


NAMING = {
    "sessionSwitch": ("organizationId", "organization", {}),
    "cartCreate": ("organizationId", "organization", {"currency": "EUR"}),
    "personInvite": ("organizationId", "organization", {"email": "one@acme.example", "name": "One"}),
    "organizationCreate": ("parentId", "organization", {"kind": "BUYER", "name": "Unit"}),
    "noteAdd": ("subjectId", "order", {"text": "Please ring twice."}),
    "cartLineUpdate": ("lineId", "cart_line", {"quantity": 2}),
    "cartLineRemove": ("lineId", "cart_line", {}),
}


@pytest.mark.parametrize("mutation", NAMING)
async def test_naming_what_is_foreign_is_like_naming_what_is_unknown(
    demo: Demo, http: Client, owner: asyncpg.Connection, mutation: str
) -> None:
    """Also where it is not the object of the mutation: the same bytes, the same number of statements, nothing kept."""
    field, noun, more = NAMING[mutation]
    ids = await likes(demo, owner, BUYER, noun)
    kept = "select count(*) from decision"
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = f"""mutation($input: {kind}!) {{ {mutation}(input: $input) {{ refusal {{ __typename code message
      retryable ... on Denied {{ decisionId }} ... on Invalid {{ violations {{ code message }} }} }} }} }}"""
    await http.ask("{ viewer { roles } }", token=demo.token(BUYER))
    before = await owner.fetchval(kept)
    given = [{"input": {field: id, "idempotencyKey": new_key(), **more}} for id in ids.values()]
    (status, body) = json.loads(await same(demo, http, BUYER, document, given))
    assert (status, body["data"][mutation]["refusal"]["code"]) == (200, "NOT_FOUND")
    assert await owner.fetchval(kept) == before


FILTERS = {
    "orders(filter: {purchaseIds: $ids}) { totalCount edges { node { id } } }": "purchase",
    "orders(filter: {buyerIds: $ids}) { totalCount edges { node { id } } }": "organization",
    "decisions(filter: {subjectIds: $ids}) { totalCount edges { node { id } } }": "order",
    "journal(filter: {subjectIds: $ids}) { edges { node { id } } }": "order",
    "journal(filter: {organizationIds: $ids}) { edges { node { id } } }": "organization",
    "purchases(filter: {buyerIds: $ids}) { edges { node { id } } }": "organization",
    "grants(filter: {organizationIds: $ids}) { totalCount edges { node { id } } }": "organization",
    "people(filter: {organizationIds: $ids}) { edges { node { id } } }": "organization",
    "authorizations(filter: {buyerIds: $ids}) { edges { node { id } } }": "organization",
}


@pytest.mark.parametrize("selection", FILTERS)
async def test_a_foreign_filter_finds_what_an_unknown_one_finds(
    demo: Demo, http: Client, owner: asyncpg.Connection, selection: str
) -> None:
    """Nothing, counted as nothing, by the same statements."""
    ids = await likes(demo, owner, BUYER, FILTERS[selection])
    document = f"query($ids: [ID!]!) {{ it: {selection} }}"
    _, body = json.loads(await same(demo, http, BUYER, document, [{"ids": [id]} for id in ids.values()]))
    assert body["data"]["it"]["edges"] == []
    assert body["data"]["it"].get("totalCount", 0) == 0


async def test_counts_and_sorts_know_the_viewers_rows_only(demo: Demo, owner: asyncpg.Connection) -> None:
    """Whatever the sort, a list and its count are those of the viewer."""
    globex = (await person_of(owner, GLOBEX)).organization
    for login in (BUYER, GLOBEX, AGENT, OTHER_AGENT, AUDITOR):
        person = await person_of(owner, login)
        mine = [row for row in await rows_of(owner, "order") if sees(person, "order", row)]
        for by in ("PLACED_AT", "UPDATED_AT", "TOTAL", "NEXT_DEADLINE"):
            document = f"{{ orders(sort: {{by: {by}}}, first: 100) {{ totalCount edges {{ node {{ id }} }} }} }}"
            found = (await demo.data(login, document))["orders"]
            assert found["totalCount"] == len(mine)
            assert len(found["edges"]) == len(mine)
        found = (await demo.data(login, '{ orders(filter: {number: "GLOBEX"}) { totalCount } }'))["orders"]
        assert found["totalCount"] == len([row for row in mine if row.home == globex])


NESTED = """{ vendors(first: 100) { edges { node {
  orders(first: 100) { totalCount edges { node { id purchase { id orders { id } } } } }
  services(first: 100) { edges { node { id variants { id prices(first: 5) { edges { node { id } } }
    stock { onHand reservations { edges { node { id purchase { id } } } } } } } } }
  organization { people { edges { node { id grants { edges { node { id } } } sessions { edges { node { id } } } } } }
    grants { edges { node { id } } } addressBook { id } }
} } } }"""


@pytest.mark.parametrize("login", TENANTS)
async def test_nested_edges_lead_to_what_the_viewer_sees(demo: Demo, owner: asyncpg.Connection, login: str) -> None:
    """From the vendors, whom everybody knows, no edge leads to anything that the viewer may not know of by itself."""
    person = await person_of(owner, login)
    answer = await demo.ask(login, NESTED)
    seen: set[str] = set()
    for noun in ROWS:
        seen |= {demo.encode(noun, row.home, row.id) for row in await rows_of(owner, noun) if sees(person, noun, row)}
    assert set(answer.errors.values()) <= {"WITHHELD"}
    reached = set(ids(answer.data))
    assert reached - seen == set()
    assert reached


def ids(data: Any) -> list[str]:
    if isinstance(data, dict):
        mine = [data["id"]] if "id" in data else []
        return mine + [id for value in data.values() for id in ids(value)]
    return [id for item in data for id in ids(item)] if isinstance(data, list) else []


# What row-level security keeps in its organization; the rest of the catalogue of tables has policies of its own.
BEHIND = (
    "purchase",
    "order",
    "order_line",
    "cart",
    "cart_line",
    "shipment",
    "saga",
    "decision",
    "journal_entry",
    "note",
)


@pytest.mark.parametrize("login", TENANTS)
async def test_behind_the_first_line_there_is_another(demo: Demo, owner: asyncpg.Connection, login: str) -> None:
    """With cells that let everything through, row-level security alone keeps to the acting organization."""
    person = await person_of(owner, login)
    for noun in BEHIND:
        rows = (await rows_of(owner, noun))[-100:]
        given = [demo.encode(noun, row.home, row.id) for row in rows]
        answer = await demo.ask(
            login, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": given}, demo.blinded()
        )
        for row, node in zip(rows, answer.data["nodes"], strict=True):
            inside = person.organization in (row.home, *row.others)
            assert inside or node is None, (noun, row)
            assert node is not None or not inside or row.closed, (noun, row)
