"""The application's login roles in a database that is not our own; grants them no privilege on anything."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import asyncpg

from adapters.postgres.passwords import GATEWAY, WORKER, Passwords, verifier

APPLICATION = (GATEWAY, WORKER)
_RIGHTS = "login nosuperuser nocreatedb nocreaterole nobypassrls"


class RolesError(RuntimeError):
    """The application's roles are absent and may not be made by the owner; the message has the SQL that makes them."""


async def ensure_roles(owner: str, urls: Mapping[str, str], passwords: Passwords) -> list[str]:
    """Make each role that cannot log in yet; `urls` has, by role, the URL that must work. Names what was made."""
    made = []
    for role in APPLICATION:
        if not await can_log_in(urls[role]):
            if urlsplit(urls[role]).username != role:
                raise RolesError(f"The URL given for {role} names another role, which cannot log in.")
            await _make(owner, role, passwords[role])
            made.append(role)
    return made


async def can_log_in(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError):
        return False
    await connection.close()
    return True


async def is_privileged(url: str) -> bool:
    """Whether the role of `url` is a superuser or bypasses row-level security: production refuses both."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        found = await connection.fetchval("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
    finally:
        await connection.close()
    return bool(found)


async def _make(owner: str, role: str, password: str) -> None:
    connection, verb = await asyncpg.connect(owner, timeout=10), "create"
    try:
        exists = await connection.fetchval("select exists (select from pg_roles where rolname = $1)", role)
        verb = "alter" if exists else "create"
        await connection.execute(f"{verb} role {role} {_RIGHTS} password '{verifier(password)}'")
    except asyncpg.InsufficientPrivilegeError:
        raise RolesError(
            f"The owner of the database may not {verb} the role {role}. Let an administrator run:\n"
            f"  {verb} role {role} {_RIGHTS} password '…';\n"
            f"and set PORTCULLIS_{role.removeprefix('portcullis_').upper()}_DATABASE_URL to a URL with that password."
        ) from None
    finally:
        await connection.close()
