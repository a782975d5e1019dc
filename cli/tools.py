"""`portcullis tools`: fetch or build the pinned tools."""

import json
from typing import Annotated

import typer


def command(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Make sure that every pinned tool is here, and print where."""
    from adapters import tools
    from wiring.settings import Settings

    cache = Settings().tools
    found = [
        {"tool": tool.name, "version": tool.version, "path": str(tools.ensure(tool, cache))} for tool in tools.TOOLS
    ]
    if as_json:
        typer.echo(json.dumps(found))
        return
    for one in found:
        typer.echo("{tool} {version}: {path}".format(**one))
