"""`portcullis import KIND FILE`: a real catalog from a CSV file, with every bad line told."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kind(StrEnum):
    SERVICES = "services"


def command(
    kind: Annotated[Kind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8; its first line names the columns.")],
    login: Annotated[str | None, typer.Option("--as", help="Whose rights count; needed once it is open.")] = None,
) -> None:
    """Load a catalog. Good lines are written, bad lines are told as `line N: field: message`; then the exit code is 1.

    Columns: vendor,service,kind,category,title,sku,variant,price_minor,currency,stock,duration
    """
    from cli.transfer import TransferError, import_services
    from wiring.safety import UnsafeError
    from wiring.settings import Settings

    try:
        imported = asyncio.run(import_services(Settings(), file, login))
    except (TransferError, UnsafeError) as error:
        typer.echo(f"portcullis: {error}", err=True)
        raise typer.Exit(2) from None
    for fault in imported.faults:
        typer.echo(str(fault), err=True)
    bad = len({fault.line for fault in imported.faults})
    typer.echo(f"{imported.variants} variants imported, {bad} lines refused")
    raise typer.Exit(1 if bad else 0)
