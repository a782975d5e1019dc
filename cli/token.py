"""`portcullis token LOGIN`: a bearer token for a development login; needs the database, not the gateway."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wiring.settings import Settings


def command(
    login: Annotated[str, typer.Argument(help="For example buyer@acme.example.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON with the time of expiry.")] = False,
) -> None:
    """Print a bearer token for a login of the demo marketplace; each one is a new session."""
    import asyncio

    from adapters.tokens import DevelopmentIssuer
    from db.outages import is_outage
    from wiring.settings import Profile, Settings

    settings = Settings()
    if settings.profile is Profile.PRODUCTION:
        _fail("the production profile has no development logins.")
    known = False
    try:
        known = asyncio.run(_known(settings, login))
    except Exception as error:
        if not is_outage(error):
            raise
        _fail("the database cannot be reached; start the marketplace with `make run` first.")
    if not known:
        _fail(f"no account has the login {login!r}; `make run` prints the logins there are.")
    token, expires_at = DevelopmentIssuer(settings.home / "keys", settings.issuer, settings.audience).issue(login)
    typer.echo(json.dumps({"token": token, "expiresAt": expires_at}) if as_json else token)


async def _known(settings: Settings, login: str) -> bool:
    import asyncpg

    from db import sessions
    from wiring.databases import database_urls

    connection = await asyncpg.connect(database_urls(settings).gateway, timeout=10)
    try:
        return bool(await sessions.logins(connection, settings.issuer, login=login))
    finally:
        await connection.close()


def _fail(message: str) -> None:
    typer.echo(f"portcullis: {message}", err=True)
    raise typer.Exit(1)
