"""`portcullis roles`: the login roles of gateway and worker in an external database."""

import asyncio

import typer


def command() -> None:
    """Make the roles of gateway and worker in the database of PORTCULLIS_DATABASE_URL, when they cannot log in yet."""
    from adapters.postgres import GATEWAY, WORKER
    from adapters.postgres.roles import ensure_roles
    from wiring.databases import database_urls, passwords
    from wiring.settings import Settings

    settings = Settings()
    urls = database_urls(settings)
    logins = {GATEWAY: urls.gateway, WORKER: urls.worker}
    made = asyncio.run(ensure_roles(urls.owner, logins, passwords(settings)))
    typer.echo(f"made {', '.join(made)}" if made else "the roles of gateway and worker can log in")
