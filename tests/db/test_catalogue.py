"""The migrations make exactly what the definition says, and nothing in it is open to the application roles."""

from __future__ import annotations

import re

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from adapters.postgres import OWNER
from db.catalogue import Catalogue, catalogue, differences
from db.definition import script
from db.migrations import FOLDER, DraftDatabaseError, migrate, revision, target
from db.migrations.scripts import config
from db.roles import APPLICATION, DOORS
from db.tables import METADATA
from db.text import statements
from tests.conftest import Database, copied

PINNED = "search_path=pg_catalog, public, pg_temp"


async def test_migrations_make_what_the_definition_says(template: Database) -> None:
    """A database made by `create_all` and one made by all migrations have equal catalogues."""
    empty = Database(template.server, "template1")
    async with copied(empty, "defined") as defined, copied(template, "migrated") as migrated:
        assert not differences(await _made(defined, script()), await _made(migrated, ""))


async def _made(database: Database, text: str) -> Catalogue:
    async with database.connect() as connection:
        for statement in statements(text):
            await connection.execute(statement)
        return await catalogue(connection)


# Each is one thing that somebody might do to a database by hand.
DRIFTS = (
    "alter table orders drop constraint orders_approver_is_not_placer",
    "alter table orders drop constraint orders_head_fkey",
    "alter table orders alter constraint orders_head_fkey not deferrable",
    "alter table orders alter column number drop not null",
    "alter table order_items alter column total_minor type numeric",
    "alter table stock alter column reserved set default 1",
    """alter table stock drop constraint stock_is_never_oversold,
         add constraint stock_is_never_oversold check (0 <= reserved and reserved <= on_hand) not valid""",
    """drop index authorization_live_key; create unique index authorization_live_key
         on "authorization" (organization, purchase) where state = 'authorized'""",
    "alter table journal set (fillfactor = 50)",
    "alter table journal no force row level security",
    "drop policy of_readers on journal",
    "drop trigger is_insert_only on journal",
    "alter table journal disable trigger is_insert_only",
    "grant insert on journal to portcullis_gateway",
    "grant execute on function move_stock(uuid, uuid, integer, integer) to portcullis_gateway",
    "alter function change(uuid, jsonb, jsonb, jsonb, jsonb) security invoker",
    "alter function change(uuid, jsonb, jsonb, jsonb, jsonb) reset search_path",
    """create or replace function netstring(value text) returns text language plpgsql immutable
         as $$ begin return value; end $$""",
    "create view extra as select 1 as one",
    "grant create on schema public to public",
)


@pytest.mark.parametrize("drift", DRIFTS)
async def test_the_catalogue_sees_every_drift(owner: asyncpg.Connection, drift: str) -> None:
    """Whatever is changed by hand shows as a difference."""
    before = await catalogue(owner)
    await owner.execute(drift)
    assert differences(before, await catalogue(owner))


async def test_only_the_doors_are_open(owner: asyncpg.Connection) -> None:
    """No function is executable by everybody; the application roles have the doors, which run as the owner."""
    rows = await owner.fetch("""
        select p.oid::regprocedure::text as name, p.prosecdef, p.proconfig, p.proowner::regrole::text as owner,
               p.prorettype = 'trigger'::regtype as trigger,
               array(select a.grantee::regrole::text from aclexplode(p.proacl) a
                      where a.privilege_type = 'EXECUTE' order by 1) as grantees,
               p.proacl is null as everybody
          from pg_proc p where p.pronamespace = 'public'::regnamespace""")
    doors = {f"{name}({arguments.replace(', ', ',')})" for name, arguments in DOORS.items()}
    assert {row["name"] for row in rows if row["grantees"] != [OWNER]} == doors
    for row in rows:
        assert (row["everybody"], row["owner"]) == (False, OWNER), row
        if row["name"] in doors:
            assert (row["prosecdef"], row["proconfig"]) == (True, [PINNED])
            assert set(row["grantees"]) == {OWNER, *APPLICATION}
        elif not row["trigger"]:
            assert (row["prosecdef"], row["proconfig"]) == (False, None), row
    assert len(rows) > 80


async def test_every_table_is_behind_row_level_security(owner: asyncpg.Connection) -> None:
    """Each table is forced, has the owner's policy and one for the application roles, and those may only read."""
    rows = await owner.fetch("""
        select c.relname, c.relforcerowsecurity and c.relrowsecurity as forced,
               (select count(*) from pg_policies p where p.tablename = c.relname) as policies,
               array(select distinct a.privilege_type from aclexplode(c.relacl) a
                      where a.grantee::regrole::text = any($1)) as rights
          from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'alembic_version'""",
        list(APPLICATION))  # fmt: skip
    assert len(rows) >= 40
    for row in rows:
        assert (row["forced"], row["policies"], row["rights"]) == (True, 2, ["SELECT"]), row


async def test_policies_compute_the_setting_once(owner: asyncpg.Connection) -> None:
    """`current_setting` stands in a sub-select everywhere: PostgreSQL then asks once a query, not once a row."""
    selected = re.compile(r"\( SELECT (?:(?!SELECT).)*?current_setting\('app\.\w+'::text, true\)")
    rows = await owner.fetch("select tablename, qual from pg_policies where qual like '%current_setting%'")
    assert len(rows) > 30
    assert not [table for table, text in rows if "current_setting" in selected.sub("", text)]


async def test_keys_lead_with_the_home(owner: asyncpg.Connection) -> None:
    """Primary and foreign keys begin with the home organization; no foreign key leaves it."""
    rows = await owner.fetch("""
        select c.conrelid::regclass::text as name, c.contype, c.conname,
               (select attname from pg_attribute where attrelid = c.conrelid and attnum = c.conkey[1]) as first,
               (select attname from pg_attribute where attrelid = c.confrelid and attnum = c.confkey[1]) as there
          from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype in ('p', 'f')""")
    without_home = {"marketplace", "lease", "alembic_version"}
    assert not [r["conname"] for r in rows if r["first"] != "organization" and r["name"] not in without_home]
    assert not [r["conname"] for r in rows if r["contype"] == b"f" and r["there"] != "organization"]


async def test_nothing_is_half_validated(owner: asyncpg.Connection) -> None:
    """No constraint is NOT VALID and no index is invalid."""
    assert not await owner.fetchval("select count(*) from pg_constraint where not convalidated")
    assert not await owner.fetchval("select count(*) from pg_index where not indisvalid")


def test_migrations_have_one_head_and_speaking_names() -> None:
    """One head; every file is `<timestamp>_<pre|post>_<name>`, and has its SQL beside it."""
    found = ScriptDirectory.from_config(config())
    assert len(found.get_heads()) == 1
    names = [path.stem for path in (FOLDER / "versions").glob("*.py")]
    assert names
    assert all(re.fullmatch(r"\d{8}T\d{4}_(pre|post)_[a-z_]+", name) for name in names)
    assert {path.stem for path in (FOLDER / "versions").glob("*.sql")} == set(names)
    assert [one.revision for one in found.walk_revisions()] == sorted(names, reverse=True)
    assert found.get_current_head() == target("post")


async def test_migrating_twice_changes_nothing(database: Database, owner: asyncpg.Connection) -> None:
    """A database that is up to date stays as it is."""
    before = await catalogue(owner)
    assert await migrate(database.owner, {}) == target("post") == await revision(owner)
    assert not differences(before, await catalogue(owner))


async def test_a_database_of_an_earlier_draft_is_told_apart(database: Database, owner: asyncpg.Connection) -> None:
    """While the first migration is still generated anew, a database that another draft of it made is refused."""
    await owner.execute("comment on table alembic_version is 'made by another'")
    with pytest.raises(DraftDatabaseError, match="make a new one"):
        await migrate(database.owner, {})


def test_the_script_loses_no_key() -> None:
    """Keys move behind the indexes; each of them is still there."""
    text = script()
    names = [str(one.name) for table in METADATA.tables.values() for one in table.constraints]
    assert len(names) > 100
    assert not [name for name in names if f"CONSTRAINT {name} " not in text]
