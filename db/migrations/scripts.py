"""Pending migrations as one SQL script, by alembic; imported only where there are any, and runs none."""

from __future__ import annotations

import io

from alembic import command
from alembic.config import Config

from db.migrations import FOLDER


def script(current: str | None, reached: str) -> str:
    """All pending migrations as one script, each in a transaction of its own."""
    out = io.StringIO()
    settings = config(out)
    command.upgrade(settings, reached if current is None else f"{current}:{reached}", sql=True)
    return out.getvalue()


def config(out: io.StringIO | None = None) -> Config:
    """Alembic, told everything here: there is no ini file."""
    settings = Config(output_buffer=out) if out is not None else Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("path_separator", "newline")
    return settings
