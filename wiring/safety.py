"""Whether a process may start: in production with keys of its own, an unprivileged role and a database that keeps."""

from __future__ import annotations

import asyncpg

from adapters.telemetry import Log
from wiring.settings import Profile, Settings, production_faults

_UNBOUND = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
# What each must not be for a crash to lose nothing that was acknowledged.
_CARELESS = """select name from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name"""


class UnsafeError(Exception):
    """The production profile refuses to start; the message says why."""


async def assert_safe(settings: Settings, database: asyncpg.Pool, log: Log) -> None:
    """Raises `UnsafeError` where production would run with what everybody knows, or would forget what it promised."""
    faults = production_faults(settings, database_superuser=bool(await database.fetchval(_UNBOUND)))
    careless = await careless_settings(database)
    if settings.profile is Profile.PRODUCTION:
        faults += [f"The database has {name} off: a crash would lose what was acknowledged." for name in careless]
    elif careless:
        log.warning("database_may_forget", off=careless)
    if faults:
        raise UnsafeError("\n".join(faults))


async def careless_settings(database: asyncpg.Pool | asyncpg.Connection) -> list[str]:
    """The settings of PostgreSQL that are off and make it faster than safe, as whoever asks has them."""
    return [row["name"] for row in await database.fetch(_CARELESS)]
