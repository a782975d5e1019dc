"""`portcullis dsn`: how to reach the database with psql."""

from typing import Annotated

import typer


def command(
    owner: Annotated[bool, typer.Option("--owner", help="As the owner of the database.")] = False,
    worker: Annotated[bool, typer.Option("--worker", help="As the worker's role.")] = False,
) -> None:
    """Print a URL for psql: of the gateway's role, unless another is asked for. It contains a password."""
    from wiring.databases import database_urls
    from wiring.settings import Settings

    urls = database_urls(Settings())
    typer.echo(urls.owner if owner else urls.worker if worker else urls.gateway)
