"""Statements that an application role might try: what follows from the catalogue, and a list of what does not."""

from __future__ import annotations

DENIED = "42501"
TRIGGER = "suppress_redundant_updates_trigger"
TABLES = """
select quote_ident(c.relname) as name, c.relkind = 'v' as is_view, array_agg(quote_ident(a.attname)) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p', 'm') group by c.oid order by 1"""
FUNCTIONS = """
select p.oid::regprocedure::text as name, p.proname, p.prorettype = 'trigger'::regtype as is_trigger,
       array(select format('null::%s', format_type(t, null)) from unnest(p.proargtypes) t) as nulls
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname <> all($1) order by 1"""


def writes(name: str, columns: list[str]) -> list[str]:
    """Every way to write one table."""
    return [
        f"insert into {name} default values",
        f"insert into {name} (organization) select organization from {name}"
        if "organization" in columns
        else f"insert into {name} ({columns[0]}) select {columns[0]} from {name}",
        f"delete from {name}",
        f"delete from only {name} where false",
        f"truncate {name}",
        f"truncate {name} cascade",
        f"select from {name} for update",
        f"select from {name} for share",
        f"select from {name} for key share",
        f"lock table {name} in access exclusive mode",
        f"lock table {name} in share row exclusive mode",
        f"merge into {name} using (values (1)) x(y) on true when matched then delete",
        f"copy {name} from stdin",
        f"with gone as (delete from {name} returning 1) select * from gone",
        *(f"update {name} set {column} = default" for column in columns),
    ]


def changes(name: str, columns: list[str]) -> list[str]:
    """Every way to make one table another table."""
    return [
        f"alter table {name} disable trigger all",
        f"alter table {name} disable trigger user",
        f"alter table {name} no force row level security",
        f"alter table {name} disable row level security",
        f"alter table {name} owner to current_user",
        f"alter table {name} add column extra text",
        f"alter table {name} drop column {columns[0]} cascade",
        f"alter table {name} rename to other",
        f"alter table {name} set (autovacuum_enabled = false)",
        f"drop table {name} cascade",
        f"create index on {name} ({columns[0]})",
        f"create policy open on {name} using (true)",
        f"create rule gone as on update to {name} do instead nothing",
        f"create trigger mine before insert on {name} for each row execute function {TRIGGER}()",
        f"create statistics mine on ({columns[0]} is null) from {name}",
        f"comment on table {name} is 'mine'",
    ]


# What it would take to write all the same: another role, other code, other settings, the machine under the database.
OTHERS = (
    "set role portcullis_owner",
    "set local role portcullis_owner",
    "set session authorization portcullis_owner",
    "select set_config('role', 'portcullis_owner', false)",
    "select set_config('session_authorization', 'portcullis_owner', false)",
    "grant portcullis_owner to current_user",
    "alter role current_user superuser",
    "alter role current_user bypassrls",
    "alter role current_user createrole",
    "alter role portcullis_owner password 'mine'",
    "create role mine login",
    "drop role portcullis_owner",
    "reassign owned by portcullis_owner to current_user",
    "drop owned by portcullis_owner",
    "set session_replication_role = replica",
    "select set_config('session_replication_role', 'replica', true)",
    "set deadlock_timeout = '1h'",
    "set log_statement = 'none'",
    "set session_preload_libraries = 'x'",
    "alter database {database} set session_replication_role = replica",
    "alter database {database} owner to current_user",
    "alter role portcullis_owner set search_path = evil",
    "alter schema public owner to current_user",
    "create schema evil",
    "create table public.mine (a int)",
    "create table mine (a int)",
    "create temporary table mine (a int)",
    "create temporary view mine as select 1",
    "create temporary sequence mine",
    "create unlogged table mine (a int)",
    "select 1 as a into mine",
    "create view mine as select * from orders",
    "create materialized view mine as select * from orders",
    "create sequence mine",
    "create type mine as enum ('a')",
    "create domain mine as text",
    "create function mine() returns int language sql as 'select 1'",
    "create function pg_temp.hashtext(text) returns int language sql as 'select 1'",
    "create procedure mine() language sql as 'select 1'",
    "create aggregate mine (int) (sfunc = int4pl, stype = int)",
    "create operator public.= (leftarg = uuid, rightarg = uuid, function = uuid_eq)",
    "create operator class mine for type uuid using hash as operator 1 =",
    "create cast (uuid as integer) with inout as implicit",
    'create collation mine from "C"',
    "create text search configuration mine (copy = simple)",
    "create extension dblink",
    "create extension file_fdw",
    "create foreign data wrapper mine",
    "create event trigger mine on ddl_command_start execute function suppress_redundant_updates_trigger()",
    "create publication mine for all tables",
    "alter function pg_catalog.hashtext(text) rename to other",
    "alter table pg_catalog.pg_proc owner to current_user",
    "update pg_catalog.pg_proc set prosecdef = false",
    "update pg_catalog.pg_class set relrowsecurity = false",
    "update pg_catalog.pg_authid set rolsuper = true",
    "delete from pg_catalog.pg_trigger",
    "select * from pg_catalog.pg_authid",
    "select rolpassword from pg_catalog.pg_authid",
    "copy orders to program 'cat'",
    "copy (select 1) to program 'cat'",
    "copy (select 1) to '/tmp/mine'",
    "copy orders from program 'cat'",
    "copy orders from '/etc/passwd'",
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('postgresql.conf')",
    "select pg_ls_dir('.')",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/mine')",
    "load 'plpgsql'",
    "select pg_reload_conf()",
    "select pg_rotate_logfile()",
    "select pg_switch_wal()",
    "select pg_create_restore_point('mine')",
    "select pg_export_snapshot() from pg_logical_slot_get_changes('x', null, null)",
    "select pg_create_logical_replication_slot('mine', 'pgoutput')",
    "select pg_replication_origin_create('mine')",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'portcullis_owner'",
    "select pg_cancel_backend(pid) from pg_stat_activity where usename = 'portcullis_owner'",
    "set row_security = off; select * from orders",
    "set local row_security = off; select * from vault_key",
    "comment on schema public is 'mine'",
    "alter default privileges for role portcullis_owner grant all on tables to public",
)  # fmt: skip
# Refused too, by another rule of PostgreSQL.
OTHERWISE = {
    "prepare transaction 'mine'": "55000",
    "set transaction isolation level read committed; select 1; set transaction isolation level serializable": "25001",
    "set search_path = pg_temp; select orders.state from orders": "42P01",
    "create language plpython3u": "0A000",
    "do language plpython3u 'pass'": "42704",
    "security label on table orders is 'mine'": "22023",
}
