"""`portcullis bench`: what an operation costs beside two hand-written floors, measured in one run; asserts nothing."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    rounds: Annotated[int, typer.Option(min=1, max=50, help="Rounds; the sides take turns in each.")] = 5,
    seconds: Annotated[float, typer.Option(min=0.1, max=60, help="Length of one turn of a read.")] = 1.5,
    changes: Annotated[int, typer.Option(min=4, max=1000, help="Checkouts and approvals of one turn.")] = 50,
    running: Annotated[
        bool, typer.Option("--running", help="Measure the marketplace that runs on PORTCULLIS_HOME, and buy there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure reads, an approval and a checkout against two floors, on a marketplace of its own in a temporary home.

    A ratio is operations per second against those of a floor in the same round; the median of all rounds is printed.
    Exit 1 when any answer was wrong, because such a figure means nothing.
    """
    import asyncio

    import uvloop

    from cli.bench.market import chosen
    from cli.bench.plan import Extent, measured
    from cli.bench.report import as_data, table

    with chosen(running=running) as market, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        report = runner.run(measured(market, Extent(rounds, seconds, changes)))
    typer.echo(as_data(report) if as_json else table(report))
    raise typer.Exit(0 if report.is_valid else 1)
