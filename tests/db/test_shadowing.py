"""A session may be set up as its role likes: own names in front, own settings, own locks; `change` does the same thing.

The real roles may not even make a name; the tests give them that right first, so that the pinned path stands alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from db import write
from db.invariants import examine_leaves
from domain.change import Done, Revoked
from tests.conftest import Database
from tests.db.ordering import approving
from tests.db.revocations import REVOCATIONS, called, journalled, made, relying
from tests.db.shopping import placed
from tests.db.world import VAULT, World, counts


@pytest.fixture
async def attacker(database: Database, world: World) -> AsyncIterator[asyncpg.Connection]:
    async with database.connect(database.gateway) as connection:
        yield connection


# Everything that `change` relies on, by a name of the attacker's own.
NAMES = """
create temporary table {schema}orders (organization uuid, id uuid, state text, version int, counterparty uuid);
create temporary table {schema}person (organization uuid, id uuid, authority_epoch int);
create temporary table {schema}journal (organization uuid, aggregate uuid, version int, target text);
create temporary table {schema}marketplace (platform uuid, opened_at timestamptz, settings_epoch int);
create temporary table {schema}policy_revision (organization uuid, number int, state text);
create temporary table {schema}decision_mark (organization uuid, id uuid, allow boolean, action text);
create function {schema}hashtext(text) returns int language sql as 'select 7';
create function {schema}prove(uuid, jsonb, jsonb, public.effect[]) returns void language sql as 'select';
create function {schema}take_gates(public.effect[], jsonb, jsonb) returns void language sql as 'select';
create function {schema}is_listed(jsonb, public.effect[]) returns void language sql as 'select';
create function {schema}clock_timestamp() returns timestamptz language sql as 'select ''2000-01-01''::timestamptz';
create function {schema}current_setting(text) returns text language sql as 'select ''read committed''';
create function {schema}pg_advisory_xact_lock_shared(int, int) returns void language sql as 'select';
create function {schema}same(uuid, uuid) returns boolean language sql as 'select true';
create function {schema}same(int, int) returns boolean language sql as 'select true';
create operator {schema}= (leftarg = uuid, rightarg = uuid, function = {schema}same);
create operator {schema}= (leftarg = int, rightarg = int, function = {schema}same);
"""


async def shadow(attacker: asyncpg.Connection, schema: str) -> None:
    """Each name in a schema that the attacker's search path puts first."""
    text = NAMES.format(schema=f"{schema}.")
    if schema != "pg_temp":
        text = f"create schema {schema};" + text.replace("create temporary table", "create table")
    await attacker.execute(text)
    await attacker.execute(f"set search_path = {schema}, public, pg_catalog")


@pytest.mark.parametrize("schema", ["pg_temp", "evil"])
async def test_own_names_change_nothing(
    world: World, owner: asyncpg.Connection, attacker: asyncpg.Connection, schema: str
) -> None:
    """Tables, functions and operators in front of ours: the real rows are written, the false ones stay empty."""
    name = await owner.fetchval("select quote_ident(current_database())")
    await owner.execute(f"grant temporary, create on database {name} to portcullis_gateway")
    await shadow(attacker, schema)
    basket = await placed(world, (await world.variant(2), 1))
    assert await called(attacker, approving(world, basket)) == "done"
    assert await owner.fetchval("select state from orders where id = $1", basket.order) == "approved"
    for table in ("orders", "person", "journal", "decision_mark"):
        assert await attacker.fetchval(f"select count(*) from {schema}.{table}") == 0


@pytest.mark.parametrize("schema", ["pg_temp", "evil"])
async def test_own_names_prove_nothing(
    world: World, owner: asyncpg.Connection, attacker: asyncpg.Connection, schema: str
) -> None:
    """A proof that does not hold is refused, whatever the attacker calls equal."""
    name = await owner.fetchval("select quote_ident(current_database())")
    await owner.execute(f"grant temporary, create on database {name} to portcullis_gateway")
    await shadow(attacker, schema)
    change = await relying(world, owner)
    await owner.execute(REVOCATIONS["epoch bumped"].take(world))
    assert await called(attacker, change) == Revoked("person", str(world.buyer.id))


# What a session of an application role may set, and that does nothing here.
HARMLESS = (
    "set search_path = ''",
    "set app.org = '00000000-0000-0000-0000-000000000000'",
    "set app.person = 'nobody'",
    "set lock_timeout = 0",
    "set plan_cache_mode = force_generic_plan",
    "set check_function_bodies = off",
    "set standard_conforming_strings = off",
    "set datestyle = 'German'",
    "set intervalstyle = 'iso_8601'",
    "set timezone = 'Pacific/Kiritimati'",
    "set bytea_output = 'escape'",
    "set extra_float_digits = -15",
    "set xmloption = document",
    "set jit = on",
    "set enable_indexscan = off",
    "set enable_seqscan = off",
    "set constraint_exclusion = on",
    "set synchronous_commit = off",
    "set default_transaction_deferrable = on",
    "set array_nulls = off",
    "set transform_null_equals = on",
    "set client_min_messages = error",
    "set default_tablespace = ''",
    "set constraints all deferred",
)


async def test_own_settings_change_nothing(
    world: World, owner: asyncpg.Connection, attacker: asyncpg.Connection
) -> None:
    """After every setting that a role may make, an order is approved as ever and its leaf verifies."""
    variant = await world.variant(len(HARMLESS))
    for setting in HARMLESS:
        await attacker.execute(setting)
        basket = await placed(world, (variant, 1))
        assert await called(attacker, approving(world, basket)) == "done", setting
        assert await called(attacker, approving(world, basket)) != "done", setting
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        assert (await examine_leaves(owner)).violations == 0


# What a session of an application role may set, and that stops `change`: closed, and nothing is written.
CLOSING = {
    "set default_transaction_isolation = 'repeatable read'": "PC090",
    "set default_transaction_isolation = 'serializable'": "PC090",
    "set default_transaction_read_only = on": "25006",
    "set row_security = off": "42501",
}


@pytest.mark.parametrize("setting", CLOSING)
async def test_settings_that_stop_a_change_write_nothing(
    world: World, owner: asyncpg.Connection, attacker: asyncpg.Connection, setting: str
) -> None:
    """A kept snapshot, a read-only session, no row-level security: refused as a whole."""
    change = await relying(world, owner)
    before = await counts(owner)
    await attacker.execute(setting)
    answer = await called(attacker, change)
    assert answer == CLOSING[setting]
    assert await counts(owner) == before


async def test_own_locks_hold_up_and_let_nothing_through(
    world: World, database: Database, owner: asyncpg.Connection, attacker: asyncpg.Connection
) -> None:
    """Where a role may lock at all, whoever sits on a gate delays changes until they give up, and overtakes nobody."""
    change = await relying(world, owner)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attacker.execute("select pg_advisory_lock(1, 0)")
    async with database.connect(database.worker) as other, database.connect() as sitter:
        await sitter.execute("select pg_advisory_lock(1, 0)")
        await other.execute("set lock_timeout = '50ms'")
        assert await called(other, change) == "55P03"
        await sitter.execute("select pg_advisory_unlock_all()")
        await sitter.execute(f"select pg_advisory_lock_shared(4, hashtext('{world.buyer.id}'))")
        await owner.execute("set lock_timeout = '50ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await owner.execute(REVOCATIONS["epoch bumped"].take(world))
        await sitter.execute("select pg_advisory_unlock_all()")
        await owner.execute(REVOCATIONS["epoch bumped"].take(world))
        assert await called(other, change) == Revoked("person", str(world.buyer.id))
    assert await journalled(owner, [made(change)]) == set()


async def test_a_caught_refusal_leaves_nothing(
    world: World, owner: asyncpg.Connection, attacker: asyncpg.Connection
) -> None:
    """Whoever calls `change` in a block that swallows errors commits nothing with it."""
    change = await relying(world, owner)
    await owner.execute(REVOCATIONS["epoch bumped"].take(world))
    before = await counts(owner)
    arguments = write.encode(change, VAULT)
    texts = [write.to_json(value).decode().replace("'", "''") for value in arguments[1:]]
    sql = ", ".join(f"'{text}'::jsonb" for text in texts)
    await attacker.execute(
        f"do $do$ begin perform change('{change.home}', {sql}); exception when others then null; end $do$"
    )
    assert await counts(owner) == before


async def test_a_change_called_twice_in_one_transaction_proves_twice(
    world: World, owner: asyncpg.Connection, attacker: asyncpg.Connection
) -> None:
    """A transaction that did something already has no older eyes: what was revoked in between is seen."""
    first, second = [await relying(world, owner) for _ in range(2)]
    async with attacker.transaction():
        assert await attacker.fetchval("select count(*) from orders") == 0
        await owner.execute(REVOCATIONS["epoch bumped"].take(world))
        assert isinstance(await called(attacker, await relying(world, owner)), str)
    assert isinstance(await called(attacker, first), Revoked)
    assert isinstance(await called(attacker, second), Revoked)
    assert isinstance(await world.write(await relying(world, owner)), Done)
