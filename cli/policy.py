"""`portcullis policy`: check, test and bundle the policies; what each gate means stands in `adapters/opa/`."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Check, test and bundle the policies.")


@app.command()
def bundle(
    revision: Annotated[
        int | None, typer.Option(help="The number that the rules bear; default: the database's active one.")
    ] = None,
) -> None:
    """Prepare what OPA loads: home/opa/{authz,rules,machines} and opa.yaml."""
    from cli.bundles import RevisionError, prepare
    from wiring.settings import Settings

    try:
        prepared = prepare(Settings(), revision)
    except RevisionError as error:
        typer.echo(f"portcullis: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"revision {prepared.revision} ({prepared.digest.hex()[:12]}) in {prepared.folder}")
