"""`portcullis work`: the worker, in the foreground, until it is told to end."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    only: Annotated[
        list[str] | None, typer.Option(help="A class of work alone: saga or timer; may be repeated.")
    ] = None,
    when_told: Annotated[
        bool, typer.Option("--when-told", help="Load, then wait for a line on standard input before starting.")
    ] = False,
) -> None:
    """Run the worker: sagas that crashed or wait, timers that fall due."""
    import asyncio
    import gc

    gc.disable()  # until all is imported
    import uvloop

    from adapters.processes import loaded, wait_until_told
    from db.outages import is_outage
    from wiring.safety import UnsafeError
    from wiring.settings import Settings, SettingsError
    from worker.main import CLASSES, work

    unknown = set(only or ()) - set(CLASSES)
    if unknown:
        raise typer.BadParameter(f"no such class: {', '.join(sorted(unknown))}; there are {', '.join(CLASSES)}")
    try:
        settings = Settings()
        loaded()
        if when_told:
            wait_until_told()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work(settings, tuple(only or ())))
    except (SettingsError, UnsafeError) as error:
        typer.echo(f"portcullis: {error}", err=True)
        raise typer.Exit(1) from None
    except Exception as error:
        if not is_outage(error):
            raise
        typer.echo(f"portcullis: the database cannot be reached ({error}).", err=True)
        raise typer.Exit(1) from None
