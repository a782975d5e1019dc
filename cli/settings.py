"""`portcullis settings`: every setting with its default, its value and its purpose; never a secret."""

import json
from typing import Annotated

import typer


def command(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List every setting with its default, its value and what it is for."""
    from wiring.settings import Settings, listed, payments_settings

    rows = listed(Settings(), payments_settings())
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        mark = "*" if row["changed"] else " "
        typer.echo(f"{mark} {row['name']} = {'(unset)' if row['value'] is None else row['value']}")
        default = f" Default: {row['default']}." if row["changed"] and row["default"] is not None else ""
        typer.echo(f"      {row['purpose']}{default}")
