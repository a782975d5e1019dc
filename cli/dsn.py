"""`portcullis dsn`: how to reach the database with psql."""

import json
from typing import Annotated

import typer


def command(
    owner: Annotated[bool, typer.Option("--owner", help="As the owner of the database.")] = False,
    worker: Annotated[bool, typer.Option("--worker", help="As the worker's role.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a URL for psql: of the gateway's role, unless another is asked for. It contains a password."""
    from wiring.databases import database_urls
    from wiring.settings import Settings

    urls = database_urls(Settings())
    dsn = urls.owner if owner else urls.worker if worker else urls.gateway
    typer.echo(json.dumps({"dsn": dsn}) if as_json else dsn)
