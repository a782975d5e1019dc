"""`portcullis policy`: check, test and bundle the policies; what each gate means stands in `adapters/opa/`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

MOST = 40  # failures shown of one gate

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Check, test and bundle the policies.")


@app.command()
def bundle(
    revision: Annotated[
        int | None, typer.Option(help="The number that the rules bear; default: the database's active one.")
    ] = None,
) -> None:
    """Prepare what OPA loads: home/opa/{authz,rules,machines} and opa.yaml."""
    from cli.bundles import prepare
    from wiring.settings import Settings

    prepared = prepare(Settings(), revision)
    typer.echo(f"revision {prepared.revision} ({prepared.digest.hex()[:12]}) in {prepared.folder}")


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say which revision is active, which one is on disk, and which one the engine answers by."""
    import asyncio

    from adapters.opa import tree
    from adapters.opa.engine import loaded_revision
    from cli.bundles import active_revision
    from wiring.settings import Settings

    settings = Settings()
    active = asyncio.run(active_revision(settings))
    on_disk, answers = f"sha256:{tree.digest().hex()}", asyncio.run(loaded_revision(settings.opa_socket))
    if as_json:
        found = {"active": active.number, "digest": active.digest, "on_disk": on_disk, "engine": answers}
        typer.echo(json.dumps(found))
    else:
        typer.echo(f"active    revision {active.number}  {active.digest}")
        typer.echo(f"on disk   {'the same' if on_disk == active.digest else 'differs: ' + on_disk}")
        typer.echo(f"engine    {'not running' if answers is None else answers}")
    raise typer.Exit(0 if answers == f"revision {active.number}" else 1)


@app.command()
def check() -> None:
    """Run every gate over `policies/`; each prints how many cases it looked at."""
    from adapters import tools
    from adapters.opa.gates.run import check as run_gates
    from wiring.settings import Settings

    opa = tools.ensure(tools.OPA, Settings().tools)
    failed = False
    for report in run_gates(opa):
        typer.echo(report.line())
        for told in (*report.failures[:MOST], *(f"skipped: {name}" for name in report.skipped)):
            typer.echo(f"  {told}")
        for told in report.exempt:
            typer.echo(f"  exempt: {told}")
        failed = failed or not report.passed
    raise typer.Exit(1 if failed else 0)


@app.command()
def test() -> None:
    """Run the Rego tests; every line must be covered."""
    from adapters import tools
    from adapters.opa import tree
    from adapters.opa.gates import tool
    from adapters.opa.gates.report import Tree
    from wiring.settings import Settings

    report = tool.coverage(Tree(tools.ensure(tools.OPA, Settings().tools), tree.POLICIES))
    typer.echo(report.line())
    for failure in report.failures:
        typer.echo(f"  {failure}")
    raise typer.Exit(0 if report.passed else 1)
