"""Bring a database to the newest schema; forward only, plain SQL, `pre` before a deployment and `post` after it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from db import roles

FOLDER = Path(__file__).resolve().parent
# A busy table never blocks a deployment for longer.
LIMITS = "set lock_timeout = '5s'; set statement_timeout = '60s'"
_LOCK = "select pg_advisory_lock(hashtext('portcullis migrate'))"
_MADE_BY = "select obj_description('public.alembic_version'::regclass)"


class DraftDatabaseError(Exception):
    """A database from a draft of the first migration; there is no way from one draft to the next."""


def run(migration: str) -> None:
    """The body of every migration: the SQL file beside it, as it stands."""
    from alembic import op  # noqa: PLC0415 -- a second to import, and a database that is up to date needs none

    op.get_context().impl.static_output(Path(migration).with_suffix(".sql").read_text(encoding="utf-8"))


async def migrate(dsn: str, passwords: Mapping[str, str], *, production: bool = False, until: str = "post") -> str:
    """Make roles, tables and everything else; answers the revision reached. `until="pre"` stops before a post one."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_LOCK)  # until the connection closes: two of these never run at once
        await roles.ensure(connection, passwords)
        await roles.close_database(connection)
        await connection.execute(f"set role {roles.OWNER}; {LIMITS}")
        reached = target(until)
        current = await revision(connection)
        if current is not None:
            await _assert_made_by_this(connection)
        if current != reached:
            from db.migrations.scripts import script  # noqa: PLC0415 -- as above

            await connection.execute(script(current, reached))
        if current is None:
            await connection.execute(f"comment on table alembic_version is '{_digest()}'")
        if production:  # once, and never back
            await connection.execute("update marketplace set production = true where not production")
    finally:
        await connection.close()
    return reached


async def revision(connection: asyncpg.Connection) -> str | None:
    """The revision a database has; None before the first."""
    if await connection.fetchval("select to_regclass('public.alembic_version')") is None:
        return None
    found: str | None = await connection.fetchval("select version_num from alembic_version")
    return found


async def _assert_made_by_this(connection: asyncpg.Connection) -> None:
    """Until a second migration exists the first is generated anew with every change of a machine or a table."""
    made_by = await connection.fetchval(_MADE_BY)
    if made_by is not None and made_by != _digest():
        raise DraftDatabaseError(
            f"This database was made by an earlier draft of {beginning().name}, and nothing leads from one draft to the"
            " next: make a new one. In development: stop everything and delete PORTCULLIS_HOME (.portcullis)."
        )


def scripts_on_disk() -> list[Path]:
    """The SQL of all migrations. Names begin with their time, so that their order is that of the files."""
    return sorted((FOLDER / "versions").glob("*.sql"))


def beginning() -> Path:
    return scripts_on_disk()[0]


def _digest() -> str:
    return f"made by {hashlib.sha256(beginning().read_bytes()).hexdigest()}"


def target(until: str) -> str:
    """The last revision that may run now."""
    names = [path.stem for path in scripts_on_disk()]
    posts = [at for at, name in enumerate(names) if "_post_" in name] if until == "pre" else []
    return names[posts[0] - 1 if posts else -1]
