"""The second line of tenancy alone: what the database shows an application role, whatever the query asks for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from uuid import UUID, uuid4

import asyncpg
import pytest

import db
from adapters.postgres import SUPERUSER
from db.pool import create_pool
from db.reader import Reader
from db.select import Asked, Sight, by_ids, counts, pages
from db.source import Relation, Source
from db.tables import METADATA
from domain.access.identity import Identity
from domain.command import Ref
from domain.page import MOST, Wanted
from domain.visibility import ANYONE, Cells
from tests.conftest import Database, copied
from tests.db.tenants import NAMES, furnish, known_to

TABLES = sorted(METADATA.tables)
# Tables of which an organization may know every row; of other organizations a vendor knows all that bought from it.
PUBLIC = {"marketplace", "policy_revision", "runtime_setting", "vendor", "organization"}


@pytest.fixture(scope="module")
async def furnished(demo: Database) -> AsyncIterator[Database]:
    """The demo, with rows of four tenants in every table."""
    async with copied(demo, "furnished") as database:
        async with database.connect(database.server.dsn(SUPERUSER, database.name)) as almighty:
            await furnish(almighty)
        yield database


@pytest.fixture(scope="module")
async def owner(furnished: Database) -> AsyncIterator[asyncpg.Connection]:
    async with furnished.connect() as connection:
        yield connection


@pytest.fixture(scope="module", params=["gateway", "worker"])
async def reader(request: pytest.FixtureRequest, furnished: Database) -> AsyncIterator[asyncpg.Connection]:
    async with furnished.connect(getattr(furnished, request.param)) as connection:
        yield connection


@pytest.fixture(scope="module", params=NAMES)
async def organization(request: pytest.FixtureRequest, owner: asyncpg.Connection) -> UUID:
    found: UUID = await owner.fetchval("select id from organization where name = $1", request.param)
    return found


async def seen(connection: asyncpg.Connection, table: str, where: str = "true", *arguments: object) -> set[object]:
    rows = await connection.fetch(f'select r.ctid from "{table}" r where {where}', *arguments)
    return {row["ctid"] for row in rows}


async def test_without_a_scope_nothing_is_seen(reader: asyncpg.Connection) -> None:
    """Nobody said whom the reader acts for: no row of any table but the one that names the platform."""
    rows = {table: len(await seen(reader, table)) for table in TABLES}
    assert {table: n for table, n in rows.items() if n} == {"marketplace": 1}
    for nobody in ("", str(uuid4())):
        async with reader.transaction():
            await reader.execute("select set_config('app.org', $1, true)", nobody)
            assert await reader.fetchval("select count(*) from orders") == 0
            assert await reader.fetchval("select count(*) from vault_key") == 0


async def test_a_scope_ends_with_its_transaction(reader: asyncpg.Connection, organization: UUID) -> None:
    """The next borrower of the connection sees nothing again."""
    async with reader.transaction():
        await reader.execute("select set_config('app.org', $1, true)", str(organization))
        assert await reader.fetchval("select count(*) from journal") > 0
    assert await reader.fetchval("select count(*) from journal") == 0


async def test_each_table_shows_an_organization_its_own(
    reader: asyncpg.Connection, owner: asyncpg.Connection, organization: UUID
) -> None:
    """Exactly the rows that it is a side of or that are open, in every table, by a query without any condition."""
    others = 0
    for table in TABLES:
        mine = await seen(owner, table, known_to(table), *([organization] if "$1" in known_to(table) else []))
        all_ = await seen(owner, table)
        async with reader.transaction():
            await reader.execute("select set_config('app.org', $1, true)", str(organization))
            assert await seen(reader, table) == mine, table
        assert mine, table
        assert mine < all_ or table in PUBLIC, table
        others += len(all_ - mine)
    assert len(TABLES) > 40
    assert others > 1000


@pytest.mark.parametrize("view", ["payments", "posting"])
async def test_views_show_no_more_than_their_tables(
    reader: asyncpg.Connection, owner: asyncpg.Connection, organization: UUID, view: str
) -> None:
    """They run with the rights of who asks."""
    async with reader.transaction():
        await reader.execute("select set_config('app.org', $1, true)", str(organization))
        homes = {tuple(row) for row in await reader.fetch(f"select * from {view}")}
    every = {tuple(row) for row in await owner.fetch(f"select * from {view}")}
    assert homes < every


def sources() -> Iterator[Source]:
    """Everything that is read for a viewer."""
    found = {}
    for module in pkgutil.iter_modules(db.__path__):
        if module.name not in ("migrations", "invariants", "generator", "tables"):
            members = vars(importlib.import_module(f"db.{module.name}"))
            found |= {id(value): value for value in members.values() if isinstance(value, Source)}
    return iter(found.values())


# The first line, patched out by its own data: everybody reads everything.
EVERYTHING = Cells(
    nouns={
        source.noun: {group: {ANYONE: "all"} for group in ("summary", source.group)}
        for one in sources()
        for source in (one, *one.parts.values())
    },
    open=frozenset(),
    held_in={},
)


async def test_without_the_first_line_nothing_leaks(
    furnished: Database, owner: asyncpg.Connection, organization: UUID
) -> None:
    """Every page, every count and every id of every source, for a viewer whose cells say `all`."""
    platform = await owner.fetchval("select platform from marketplace")
    viewer = Identity(platform, uuid4(), uuid4(), uuid4(), organization, "buyer", ())
    pool, looked = await create_pool(furnished.gateway, 2), 0
    for source in sources():
        if source.table.strip('"') not in METADATA.tables or not source.sorts:
            continue
        asked = Asked(Reader(pool, organization, viewer.person), Sight(viewer, EVERYTHING))
        looked += await leaks(asked, source, owner, organization)
        await asked.reader.end()
    await pool.close()
    assert looked > 200


async def leaks(asked: Asked, source: Source, owner: asyncpg.Connection, organization: UUID) -> int:
    """Asserts that nothing foreign is told; how many foreign rows there were to tell."""
    table = source.table.strip('"')
    condition = known_to(table)
    ids = await owner.fetch(
        f'select r.organization, r.id, ({condition}) as mine from "{table}" r where $1::uuid is not null', organization
    )
    mine = {(row["organization"], row["id"]) for row in ids if row["mine"]}
    every = [Ref(source.noun, row["organization"], row["id"]) for row in ids]
    told = [entity for entity in await by_ids(asked, source, every) if entity is not None]
    assert {(entity.home, entity.id) for entity in told} <= mine, table
    wanted = Wanted(next(iter(source.sorts)), descending=False, first=MOST, after=None, filter={})
    (page,) = await pages(asked, Relation(source), [Ref("", organization, organization)], wanted, None)
    assert {(entity.home, entity.id) for entity in page.items} <= mine, table
    (counted,) = await counts(asked, Relation(source), [Ref("", organization, organization)], {})
    assert counted is not None
    assert counted <= len(mine), table
    return len(every) - len(mine)


@pytest.mark.parametrize("plan", ["enable_nestloop", "enable_indexscan", "enable_seqscan", "enable_hashjoin"])
async def test_a_statement_of_its_own_shows_what_a_snapshot_shows(
    furnished: Database, owner: asyncpg.Connection, organization: UUID, plan: str
) -> None:
    """By every source, however it is planned, and though the session still holds the context of somebody else."""
    platform = await owner.fetchval("select platform from marketplace")
    viewer = Identity(platform, uuid4(), uuid4(), uuid4(), organization, "buyer", ())
    pool, looked = await create_pool(furnished.gateway, 1), 0
    await pool.execute(f"set {plan} = off")
    for source in sources():
        table = source.table.strip('"')
        if table not in METADATA.tables or "organization" not in METADATA.tables[table].columns:
            continue
        rows = await owner.fetch(f'select organization, id from "{table}"')
        every = [Ref(source.noun, row["organization"], row["id"]) for row in rows]
        found = {}
        for alone in (False, True):
            reader = Reader(pool, organization, viewer.person, alone=alone)
            await pool.execute("select set_config('app.org', $1, false)", str(rows[0]["organization"]) if rows else "")
            entities = await by_ids(Asked(reader, Sight(viewer, EVERYTHING)), source, every)
            found[alone] = [entity and entity.ref for entity in entities]
            await reader.end()
        assert found[True] == found[False], table
        looked += found[True].count(None)
    await pool.close()
    assert looked > 100
