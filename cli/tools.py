"""`portcullis tools`: fetch or build the pinned tools."""

import typer


def command() -> None:
    """Make sure that every pinned tool is here, and print where."""
    from adapters import tools
    from wiring.settings import Settings

    cache = Settings().tools
    for tool in tools.TOOLS:
        typer.echo(f"{tool.name} {tool.version}: {tools.ensure(tool, cache)}")
