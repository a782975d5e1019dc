"""The database roles: one owns everything, two may only read and call the doors."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

OWNER = "portcullis_owner"
APPLICATION = ("portcullis_gateway", "portcullis_worker")

# The doors and their arguments: everything the application roles may execute.
DOORS: Mapping[str, str] = {
    "change": "uuid, jsonb, jsonb, jsonb, jsonb",
    "deny": "jsonb",
    "remember": "jsonb",
    "lease": "text, uuid, uuid, integer",
    "beat": "text, uuid, bigint, integer",
    "touch_session": "uuid",
    "held_roles": "uuid",
}

TIMEOUTS: Mapping[str, str] = {
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "5s",
}


async def ensure(connection: asyncpg.Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles that are missing, and give the application roles their limits; the caller may create roles.

    A role that exists already keeps its password.
    """
    for role in (OWNER, *APPLICATION):
        if not await connection.fetchval("select exists (select from pg_roles where rolname = $1)", role):
            secret = await _literal(connection, passwords[role]) if role in passwords else None
            login = f"login password {secret}" if secret else "nologin"
            await connection.execute(f"create role {role} {login} nosuperuser nobypassrls")
    if await connection.fetchval("select current_user") != OWNER:
        if not await connection.fetchval("select pg_has_role(current_user, $1, 'member')", OWNER):
            await connection.execute(f"grant {OWNER} to current_user")
        await connection.execute(f"grant create, usage on schema public to {OWNER}")
    for role in APPLICATION:
        await _limit(connection, role)


async def _limit(connection: asyncpg.Connection, role: str) -> None:
    """Only what differs is written: a role that this user may not administer needs its limits set beforehand."""
    known: list[str] = await connection.fetchval(
        "select coalesce(rolconfig, '{}') from pg_roles where rolname = $1", role
    )
    for name, value in TIMEOUTS.items():
        if f"{name}={value}" not in known:
            await connection.execute(f"alter role {role} set {name} = '{value}'")


async def close_database(connection: asyncpg.Connection) -> None:
    """Take what every user of a new database has by default: temporary tables and new objects.

    The rights of a database are not copied with its template, so each database needs this.
    """
    database: str = await connection.fetchval("select current_database()")
    name = await _identifier(connection, database)
    await connection.execute(f"revoke temporary, create on database {name} from public")
    await connection.execute("revoke create on schema public from public")


async def _literal(connection: asyncpg.Connection, value: str) -> str:
    quoted: str = await connection.fetchval("select quote_literal($1::text)", value)
    return quoted


async def _identifier(connection: asyncpg.Connection, value: str) -> str:
    quoted: str = await connection.fetchval("select quote_ident($1::text)", value)
    return quoted
