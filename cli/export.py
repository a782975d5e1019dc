"""`portcullis export KIND`: the catalog as CSV, in the form that `portcullis import` reads."""

from __future__ import annotations

import asyncio
import csv
import sys
from typing import Annotated

import typer

from cli.import_ import Kind


def command(kind: Annotated[Kind, typer.Argument(help="What to print.")]) -> None:
    """Print every service's variants with their price and stock now."""
    from cli.transfer import export_services
    from wiring.settings import Settings

    asyncio.run(export_services(Settings(), csv.writer(sys.stdout, lineterminator="\n").writerow))
