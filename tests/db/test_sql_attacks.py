"""Gateway and worker at a `psql` prompt: no statement of theirs writes, opens, shadows or switches off anything.

What can be listed from the catalogue is: every table, every column, every function, every policy and every trigger.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import asyncpg
import pytest

from db.roles import APPLICATION, DOORS
from tests.conftest import Database
from tests.db.attacks import DENIED, FUNCTIONS, OTHERS, OTHERWISE, TABLES, changes, writes


@pytest.fixture(params=APPLICATION)
async def attacker(request: pytest.FixtureRequest, shared_database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A login of one of the application roles."""
    dsn = {"portcullis_gateway": shared_database.gateway, "portcullis_worker": shared_database.worker}[request.param]
    async with shared_database.connect(dsn) as connection:
        yield connection


async def state_of(connection: asyncpg.Connection, sql: str) -> str:
    """The SQLSTATE of one statement, which is never committed; `ran` when nothing refused it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    else:
        return "ran"
    finally:
        await transaction.rollback()


async def not_denied(connection: asyncpg.Connection, attempts: Iterable[str]) -> dict[str, str]:
    """The attempts that did not end in 42501, and how they ended."""
    states = {sql: await state_of(connection, sql) for sql in attempts}
    return {sql: state for sql, state in states.items() if state != DENIED}


async def test_no_table_is_written(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """Insert, update of every column, delete, truncate, merge, copy and every row lock, on every table."""
    tables = [row for row in await shared.fetch(TABLES) if not row["is_view"]]
    attempts = [sql for table in tables for sql in writes(table["name"], table["columns"])]
    assert len(tables) > 40
    assert len(attempts) > 900
    assert await not_denied(attacker, attempts) == {}


async def test_no_view_is_written(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """`payments` and `posting` show; PostgreSQL itself has no way to write through them."""
    views = [row for row in await shared.fetch(TABLES) if row["is_view"]]
    assert {view["name"] for view in views} == {"payments", "posting"}
    for view in views:
        for sql in (f"delete from {view['name']}", f"update {view['name']} set {view['columns'][0]} = default"):
            assert await state_of(attacker, sql) in (DENIED, "55000"), sql


async def test_no_table_is_changed(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """Triggers, policies, columns, owners, names, grants: none of any table or view."""
    tables = [row for row in await shared.fetch(TABLES) if not row["is_view"]]
    attempts = [sql for table in tables for sql in changes(table["name"], table["columns"])]
    assert len(attempts) > 600
    assert await not_denied(attacker, attempts) == {}


async def test_no_trigger_policy_or_constraint_is_dropped(
    attacker: asyncpg.Connection, shared: asyncpg.Connection
) -> None:
    """Each one by its name."""
    rows = await shared.fetch("""
        select format('drop trigger %I on %I', t.tgname, c.relname) from pg_trigger t join pg_class c on c.oid = tgrelid
         where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
        union all
        select format('alter table %I disable trigger %I', c.relname, t.tgname) from pg_trigger t
          join pg_class c on c.oid = tgrelid where c.relnamespace = 'public'::regnamespace
        union all
        select format('drop policy %I on %I', policyname, tablename) from pg_policies where schemaname = 'public'
        union all
        select format('alter policy %I on %I using (true)', policyname, tablename) from pg_policies
         where schemaname = 'public'
        union all
        select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint
         where connamespace = 'public'::regnamespace and conrelid <> 0
        union all
        select format('drop index %I', relname) from pg_class where relnamespace = 'public'::regnamespace
           and relkind = 'i'""")
    assert len(rows) > 600
    assert await not_denied(attacker, [row[0] for row in rows]) == {}


async def test_no_inner_function_is_called(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """Every function that is no door, trigger functions too: neither called nor used as a trigger, cast or operator."""
    functions = await shared.fetch(FUNCTIONS, list(DOORS))
    attempts = [f"select {row['proname']}({', '.join(row['nulls'])})" for row in functions]
    attempts += [
        f"select * from {row['proname']}({', '.join(row['nulls'])})" for row in functions if not row["is_trigger"]
    ]
    assert len(functions) > 80
    assert await not_denied(attacker, attempts) == {}


async def test_no_function_is_changed(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """The doors neither."""
    functions = await shared.fetch(FUNCTIONS, [])
    attempts = [
        sql
        for row in functions
        for sql in (
            f"alter function {row['name']} reset all",
            f"alter function {row['name']} set search_path = public",
            f"alter function {row['name']} owner to current_user",
            f"alter function {row['name']} rename to other",
            f"drop function {row['name']} cascade",
        )
    ]
    assert await not_denied(attacker, attempts) == {}


ACLS = """
select array(select relacl::text from pg_class where relnamespace = 'public'::regnamespace order by oid)
    || array(select proacl::text from pg_proc where pronamespace = 'public'::regnamespace order by oid)
    || array(select nspacl::text from pg_namespace where nspname = 'public')"""


async def test_no_right_is_passed_on(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """Who may read a table or open a door may not let others: PostgreSQL warns, or refuses, and grants nothing."""
    tables = [f"grant all on {row['name']} to public" for row in await shared.fetch(TABLES)]
    functions = [f"grant all on function {row['name']} to public" for row in await shared.fetch(FUNCTIONS, [])]
    before = await shared.fetchval(ACLS)
    for sql in (*tables, *functions, "grant all on schema public to public"):
        try:
            await attacker.execute(sql)
        except asyncpg.PostgresError as error:
            assert error.sqlstate == DENIED, sql  # noqa: PT017
    assert await shared.fetchval(ACLS) == before


async def test_no_other_way_is_open(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """Other roles, own objects, superuser settings, server files, programs, the catalogue itself."""
    database = await shared.fetchval("select quote_ident(current_database())")
    assert await not_denied(attacker, [sql.format(database=database) for sql in OTHERS]) == {}


async def test_no_lock_of_ones_own_is_taken(attacker: asyncpg.Connection, shared: asyncpg.Connection) -> None:
    """No advisory lock, by any of PostgreSQL's functions for it: whoever sits on a gate would hold up everybody."""
    names = await shared.fetch("""
        select p.proname, array(select format('1::%s', format_type(t, null)) from unnest(p.proargtypes) t) as ones
          from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.proname like '%advisory%'""")
    assert len(names) > 20
    assert await not_denied(attacker, [f"select {row['proname']}({', '.join(row['ones'])})" for row in names]) == {}


@pytest.mark.parametrize("sql", OTHERWISE)
async def test_what_is_refused_by_another_rule(attacker: asyncpg.Connection, sql: str) -> None:
    """Not by privilege, but refused all the same."""
    assert await state_of(attacker, sql) == OTHERWISE[sql]
