"""`portcullis migrate`: bring the database to the newest schema."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wiring.settings import Settings


def command(
    pre: Annotated[bool, typer.Option("--pre", help="Stop before migrations that need the new release.")] = False,
) -> None:
    """Bring the database to the newest schema; safe to repeat, and safe to run twice at once."""
    from wiring.settings import Settings

    print(f"schema {migrate(Settings(), pre=pre)}")


def migrate(settings: Settings, *, pre: bool = False) -> str:
    """The revision reached."""
    from adapters.postgres.passwords import ROLES
    from db.migrations import migrate as bring
    from wiring.databases import database_urls, passwords
    from wiring.settings import Profile

    known = passwords(settings)
    return asyncio.run(
        bring(
            database_urls(settings).owner,
            {role: known[role] for role in ROLES},
            production=settings.profile is Profile.PRODUCTION,
            until="pre" if pre else "post",
        )
    )
