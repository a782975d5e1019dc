"""Each guard of the database is taken away once, and `verify` says so; listed from the catalogue, so none is missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import asyncpg
import pytest

from adapters.postgres import SUPERUSER
from db.invariants import examine, invariants
from db.roles import APPLICATION, DOORS
from tests.conftest import Database

INVARIANTS = {invariant.name: invariant for invariant in invariants()}

# How each kind of guard is taken away.
GUARDS = """
select format('alter table %s drop constraint %I cascade', c.conrelid::regclass, c.conname) as sql
  from pg_constraint c
 where c.connamespace = 'public'::regnamespace and c.conrelid <> 0 and c.contype not in ('n', 't')
   and c.conrelid <> coalesce(to_regclass('public.alembic_version'), 0)
union all
select format('drop index %I', c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid
 where c.relnamespace = 'public'::regnamespace and i.indisunique
   and not exists (select from pg_constraint x where x.conindid = i.indexrelid)
union all
select format(way, t.tgname, t.tgrelid::regclass) from pg_trigger t join pg_class c on c.oid = t.tgrelid,
       unnest(array['drop trigger %1$I on %2$s', 'alter table %2$s disable trigger %1$I',
                    'alter table %2$s enable replica trigger %1$I']) way
 where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
union all
select format('alter table %s drop constraint %I, add constraint %2$I %s not valid', c.conrelid::regclass, c.conname,
              pg_get_constraintdef(c.oid))
  from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype in ('c', 'f') and c.conrelid <> 0"""
ROW_SECURITY = """
select format(way, c.oid::regclass) from pg_class c,
       unnest(array['alter table %s disable row level security', 'alter table %s no force row level security']) way
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'alembic_version'
union all
select format('alter policy of_readers on %s using (true)', c.oid::regclass) from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
   and c.relname not in ('alembic_version', 'marketplace')"""
RIGHTS = """
select format('grant %s on %s to %s', kind, c.oid::regclass, role) as sql
  from pg_class c, unnest($1::text[]) role,
       unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) kind
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
union all
select format('grant update (%I) on %s to %s', a.attname, c.oid::regclass, $1[1])
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
union all
select format('grant execute on function %s to %s', p.oid::regprocedure, role)
  from pg_proc p, unnest(array[$1[2], 'public']) role
 where p.pronamespace = 'public'::regnamespace and (p.proname <> all($2) or role = 'public')
union all
select format(way, p.oid::regprocedure)
  from pg_proc p, unnest(array['alter function %s security invoker', 'alter function %s reset search_path',
                               'alter function %s set search_path = public, pg_temp']) way
 where p.pronamespace = 'public'::regnamespace and p.proname = any($2)"""
# What only a superuser can give away.
GIVEN = (
    "alter role portcullis_gateway bypassrls",
    "alter role portcullis_worker superuser",
    "alter role portcullis_worker createrole",
    "grant pg_write_all_data to portcullis_gateway",
    "grant pg_execute_server_program to portcullis_worker",
    "grant create on schema public to portcullis_gateway",
    "grant create on schema public to public",
    "grant temporary on database {database} to public",
    "grant create on database {database} to portcullis_worker",
)


@pytest.fixture(scope="module")
async def almighty(shared_database: Database) -> AsyncIterator[asyncpg.Connection]:
    dsn = shared_database.server.dsn(SUPERUSER, shared_database.name)
    async with shared_database.connect(dsn) as connection:
        yield connection


async def silent(connection: asyncpg.Connection, check: str, statements: Iterable[str]) -> list[str]:
    """The statements after which the check says nothing; each is undone."""
    missed = []
    for sql in statements:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(sql)
        if not await connection.fetch(INVARIANTS[check].violations):
            missed.append(sql)
        await transaction.rollback()
    assert (await whole(connection, check)) == []
    return missed


async def whole(connection: asyncpg.Connection, check: str) -> list[str]:
    async with connection.transaction():
        return list((await examine(connection, INVARIANTS[check])).examples)


async def test_every_guard_that_is_gone_is_missed(shared: asyncpg.Connection) -> None:
    """Each constraint, unique index and trigger: dropped, switched off, or left unproven."""
    statements = [row[0] for row in await shared.fetch(GUARDS)]
    assert len(statements) > 500
    assert await silent(shared, "guards_are_on", statements) == []


async def test_every_hole_in_row_level_security_is_reported(shared: asyncpg.Connection) -> None:
    """On every table: switched off, not forced on the owner, a policy for everybody."""
    statements = [row[0] for row in await shared.fetch(ROW_SECURITY)]
    assert len(statements) > 120
    assert await silent(shared, "row_security_is_forced", statements) == []


async def test_every_right_too_many_is_reported(almighty: asyncpg.Connection) -> None:
    """On every table, view, column and function, on the schema and the database, and what a role may be."""
    rows = await almighty.fetch(RIGHTS, list(APPLICATION), list(DOORS))
    database = await almighty.fetchval("select quote_ident(current_database())")
    statements = [*(row["sql"] for row in rows), *(sql.format(database=database) for sql in GIVEN)]
    assert len(statements) > 1200
    assert await silent(almighty, "applications_write_nothing", statements) == []
