"""Lists by pages: bounds, cursors that neither skip nor repeat and are nobody else's, every filter and sort."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from tests.schema.demo import Demo
from tests.schema.story import AUDITOR, BUYER, GLOBEX, MANAGER, SERVICE, place

PAGE = """query($first: Int, $after: String, $sort: {Kind}Sort, $filter: {Kind}Filter) {
  it: {field}(first: $first, after: $after, sort: $sort, filter: $filter) { edges { cursor node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.fixture(scope="module")
async def owner(demo: Demo) -> AsyncIterator[asyncpg.Connection]:
    async with demo.database.connect() as connection:
        yield connection


def page_of(field: str) -> str:
    return PAGE.replace("{field}", field).replace("{Kind}", field[:-1].title())


async def pages(demo: Demo, login: str, field: str, size: int, **given: Any) -> list[list[str]]:
    """The ids of each page until there is no next one; what each page says of itself is checked on the way."""
    found: list[list[str]] = []
    after = None
    while True:
        it = (await demo.data(login, page_of(field), first=size, after=after, **given))["it"]
        edges, info = it["edges"], it["pageInfo"]
        found.append([edge["node"]["id"] for edge in edges])
        ends = (edges[0]["cursor"], edges[-1]["cursor"]) if edges else (None, None)
        assert (info["startCursor"], info["endCursor"]) == ends
        assert info["hasPreviousPage"] == (after is not None)
        if not info["hasNextPage"]:
            return found
        assert len(edges) == size
        after = info["endCursor"]


def flat(found: list[list[str]]) -> list[str]:
    return [id for page in found for id in page]


@pytest.mark.parametrize("by", ["TITLE", "CREATED_AT", "PRICE", "TRUST_SCORE"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_of_any_size_are_the_whole_list(demo: Demo, by: str, direction: str) -> None:
    """Also by a sort in which many rows are equal; the other direction is the same list from behind."""
    sort = {"by": by, "direction": direction}
    whole = flat(await pages(demo, BUYER, "services", 100, sort=sort))
    assert len(whole) == len(set(whole)) > 200
    assert flat(await pages(demo, BUYER, "services", 37, sort=sort)) == whole
    turned = {"by": by, "direction": "ASC" if direction == "DESC" else "DESC"}
    assert flat(await pages(demo, BUYER, "services", 100, sort=turned)) == whole[::-1]


async def test_services_are_sorted_by_what_they_say(demo: Demo, owner: asyncpg.Connection) -> None:
    """By price: by the cheapest variant; newest first by creation."""
    prices = await owner.fetch(
        "select s.id, min(p.amount_minor) as least from service s join variant v on v.service = s.id"
        " join price p on p.variant = v.id where s.state = 'published' group by s.id"
    )
    least = {str(row["id"]): row["least"] for row in prices}
    sort = {"by": "PRICE", "direction": "ASC"}
    found = [demo.ids.decode(id) for id in flat(await pages(demo, BUYER, "services", 100, sort=sort))]
    shown = [least[str(ref.id)] for ref in found if ref]
    assert shown == sorted(shown)
    made = {str(row["id"]): row["created_at"] for row in await owner.fetch("select id, created_at from service")}
    sort = {"by": "CREATED_AT", "direction": "DESC"}
    found = [demo.ids.decode(id) for id in flat(await pages(demo, BUYER, "services", 100, sort=sort))]
    times = [made[str(ref.id)] for ref in found if ref]
    assert times == sorted(times, reverse=True)


IN_STOCK = """exists (select from variant v join stock k on k.variant = v.id
    where v.service = s.id and k.on_hand > k.reserved)"""
FILTERS: dict[str, tuple[dict[str, Any], str]] = {
    "text": ({"text": "socket"}, "title || ' ' || description || ' ' || category ilike '%socket%'"),
    "text of a category": ({"text": "CLEAN"}, "title || ' ' || description || ' ' || category ilike '%clean%'"),
    "a pattern is text": ({"text": "%"}, "false"),
    "an underscore is text": ({"text": "_"}, "false"),
    "a backslash is text": ({"text": "\\"}, "false"),
    "kinds": ({"kinds": ["SLOT"]}, "kind = 'slot'"),
    "kinds, or": ({"kinds": ["SLOT", "STOCK"]}, "kind in ('slot', 'stock')"),
    "states": ({"states": ["DRAFT"]}, "false"),
    "states of another noun's none": ({"states": ["RETIRED"]}, "false"),
    "categories": ({"categories": ["drafts"]}, "false"),
    "no category": ({"categories": []}, "false"),
    "in stock": ({"inStock": True}, IN_STOCK),
    "not in stock": ({"inStock": False}, f"not {IN_STOCK}"),
    "and": ({"text": "a", "kinds": ["SLOT"]}, "kind = 'slot' and title || description || category ilike '%a%'"),
    "injection": ({"text": "') or true --"}, "false"),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_services_are_found_by_each_filter(demo: Demo, owner: asyncpg.Connection, name: str) -> None:
    """Exactly the published services of which it is true; fields with and, values of one with or."""
    given, condition = FILTERS[name]
    rows = await owner.fetch(f"select organization, id from service s where s.state = 'published' and ({condition})")
    wanted = [demo.encode("service", row["organization"], row["id"]) for row in rows]
    assert sorted(flat(await pages(demo, BUYER, "services", 100, filter=given))) == sorted(wanted)


async def test_drafts_are_found_by_their_vendor_only(demo: Demo) -> None:
    """A filter by state or category never finds what the viewer may not know of."""
    for login, number in ((MANAGER, 1), (SERVICE, 2), (BUYER, 0)):
        for given in ({"states": ["DRAFT"]}, {"categories": ["drafts"]}, {"text": "Draft of"}):
            assert len(flat(await pages(demo, login, "services", 100, filter=given))) == number, (login, given)


async def test_services_of_a_vendor(demo: Demo) -> None:
    """By the filter of the list and as a list of the vendor."""
    id = demo.vendor("Papyrus")
    found = flat(await pages(demo, BUYER, "services", 100, filter={"vendorIds": [id]}))
    nested = "query($id: ID!) { node(id: $id) { ... on Vendor { services(first: 100) { edges { node { id } } } } } }"
    inside = (await demo.data(BUYER, nested, id=id))["node"]["services"]["edges"]
    assert [edge["node"]["id"] for edge in inside] == found
    assert len(found) == 40


ORDERS: dict[str, Callable[[Any], bool]] = {
    "{states: [PLACED]}": lambda order: order["state"] == "PLACED",
    "{states: [PLACED, DELIVERED]}": lambda order: order["state"] in ("PLACED", "DELIVERED"),
    "{states: []}": lambda _: False,
    '{number: "ACME-10"}': lambda order: order["number"].startswith("ACME-10"),
    '{number: "%"}': lambda _: False,
    '{number: "", states: [REJECTED]}': lambda order: order["state"] == "REJECTED",
    '{placed: {from: "2020-01-01T00:00:00Z"}}': lambda _: True,
    '{placed: {until: "2020-01-01T00:00:00Z"}}': lambda _: False,
    '{placed: {from: "2020-01-01T00:00:00Z", until: "2020-01-02T00:00:00Z"}}': lambda _: False,
}


@pytest.mark.parametrize("given", ORDERS)
async def test_orders_are_found_by_each_filter(demo: Demo, given: str) -> None:
    """And counted under the same filter."""
    document = "{ orders(first: 100, filter: %s) { totalCount edges { node { number state placedAt } } } }"
    whole = (await demo.data(AUDITOR, document % "{}"))["orders"]["edges"]
    found = (await demo.data(AUDITOR, document % given))["orders"]
    assert found["edges"] == [edge for edge in whole if ORDERS[given](edge["node"])]
    assert found["totalCount"] == len(found["edges"])


async def test_orders_are_sorted_by_each_key(demo: Demo) -> None:
    """Placed, updated and total, either way; a range of instants is from inclusive until exclusive."""
    fields = {"PLACED_AT": "placedAt", "UPDATED_AT": "updatedAt", "TOTAL": "totals"}
    for by, field in fields.items():
        for direction in ("ASC", "DESC"):
            document = f"""{{ orders(first: 100, sort: {{by: {by}, direction: {direction}}}) {{ edges {{ node {{
              placedAt updatedAt totals {{ total {{ minor }} }} }} }} }} }}"""
            nodes = [edge["node"] for edge in (await demo.data(AUDITOR, document))["orders"]["edges"]]
            keys = [node[field]["total"]["minor"] if by == "TOTAL" else node[field] for node in nodes]
            assert keys == sorted(keys, reverse=direction == "DESC"), (by, direction)
    at = nodes[0]["placedAt"]
    document = "query($r: DateTimeRange) { orders(first: 100, filter: {placed: $r}) { edges { node { placedAt } } } }"
    for given, seen in (({"from": at}, True), ({"until": at}, False)):
        found = (await demo.data(AUDITOR, document, r=given))["orders"]["edges"]
        assert (at in [edge["node"]["placedAt"] for edge in found]) == seen


@pytest.mark.parametrize("direction", ["DESC", "ASC"])
async def test_a_page_neither_skips_nor_repeats_when_rows_come(demo: Demo, direction: str) -> None:
    """Orders placed while somebody turns pages come where they belong, and move nothing else."""
    sort = {"by": "PLACED_AT", "direction": direction}
    before = flat(await pages(demo, AUDITOR, "orders", 100, sort=sort))
    first = (await demo.data(AUDITOR, page_of("orders"), first=3, sort=sort))["it"]
    newcomer = (await place(demo)).orders["Voltworks"]
    rest, after = [], first["pageInfo"]["endCursor"]
    while after is not None:
        it = (await demo.data(AUDITOR, page_of("orders"), first=4, after=after, sort=sort))["it"]
        rest += [edge["node"]["id"] for edge in it["edges"]]
        after = it["pageInfo"]["endCursor"] if it["pageInfo"]["hasNextPage"] else None
    turned = [edge["node"]["id"] for edge in first["edges"]] + rest
    assert turned == (before if direction == "DESC" else [*before, newcomer])


@pytest.mark.parametrize(
    ("first", "wanted"), [(0, None), (-1, None), (101, None), (2**31 - 1, None), (1, 1), (100, 100)]
)
async def test_a_page_has_bounds(demo: Demo, first: int, wanted: int | None) -> None:
    """From 1 to 100; anything else is an error of that list alone."""
    answer = await demo.ask(BUYER, page_of("services"), {"first": first})
    if wanted is None:
        assert (answer.data, answer.errors) == ({"it": None}, {"it": "BAD_REQUEST"})
    else:
        assert len(answer.data["it"]["edges"]) == wanted


async def test_a_page_has_twenty_by_default(demo: Demo) -> None:
    """Whether `first` is left out or null."""
    for arguments in ("", "(first: null)", "(first: null, after: null, sort: null, filter: null)"):
        found = (await demo.data(BUYER, f"{{ services{arguments} {{ edges {{ cursor }} }} }}"))["services"]
        assert len(found["edges"]) == 20


async def end(demo: Demo, login: str, field: str, **given: Any) -> str:
    cursor: str = (await demo.data(login, page_of(field), first=1, **given))["it"]["pageInfo"]["endCursor"]
    return cursor


@pytest.mark.parametrize("cursor", ["", "AAAA", "not base64 !", "ä", "x" * 5000, "W10", "%00"])
async def test_a_cursor_that_is_none_is_an_error(demo: Demo, cursor: str) -> None:
    """Malformed text is refused by code, with nothing of it repeated."""
    answer = await demo.ask(BUYER, page_of("orders"), {"first": 1, "after": cursor})
    assert (answer.data, answer.errors) == ({"it": None}, {"it": "BAD_REQUEST"})


async def test_a_cursor_is_good_for_its_own_list_only(demo: Demo) -> None:
    """Not for another list, viewer, sort, direction or filter, nor with a byte changed."""
    good = await end(demo, BUYER, "orders")
    assert (await demo.ask(BUYER, page_of("orders"), {"first": 1, "after": good})).errors == {}
    desc = {"by": "PLACED_AT", "direction": "DESC"}
    assert (await demo.ask(BUYER, page_of("orders"), {"after": good, "sort": desc})).errors == {}
    bad: list[tuple[str, dict[str, Any]]] = [
        (BUYER, {"after": await end(demo, GLOBEX, "orders")}),
        (BUYER, {"after": await end(demo, AUDITOR, "orders")}),
        (GLOBEX, {"after": good}),
        (BUYER, {"after": await end(demo, BUYER, "services")}),
        (BUYER, {"after": good, "sort": {"by": "TOTAL"}}),
        (BUYER, {"after": good, "sort": {"by": "PLACED_AT", "direction": "ASC"}}),
        (BUYER, {"after": good, "filter": {"states": ["PLACED"]}}),
        (BUYER, {"after": good[:-1] + ("A" if good[-1] != "A" else "B")}),
        (BUYER, {"after": good[::-1]}),
        (BUYER, {"after": good + good}),
    ]
    for login, given in bad:
        answer = await demo.ask(login, page_of("orders"), {"first": 1, **given})
        assert (answer.data, answer.errors) == ({"it": None}, {"it": "BAD_REQUEST"}), given


async def test_a_cursor_of_one_vendors_list_is_none_of_anothers(demo: Demo) -> None:
    """Nested lists of two parents have cursors of their own only as far as their rows go."""
    document = """query($id: ID!, $after: String) { node(id: $id) { ... on Vendor { services(first: 2, after: $after) {
      edges { node { title vendor { name } } } pageInfo { endCursor } } } } }"""
    first = await demo.data(BUYER, document, id=demo.vendor("Papyrus"))
    after = first["node"]["services"]["pageInfo"]["endCursor"]
    other = await demo.data(BUYER, document, id=demo.vendor("Ironbridge"), after=after)
    assert {edge["node"]["vendor"]["name"] for edge in other["node"]["services"]["edges"]} <= {"Ironbridge"}
