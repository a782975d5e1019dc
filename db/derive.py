"""Everything of the database that is generated: effect functions, and the first migration made of all of it."""

from __future__ import annotations

from db.definition import script
from db.generator import FOLDER, HEADER, functions

FIRST = "db/migrations/versions/20261121T0900_pre_first.sql"


def generate() -> dict[str, str]:
    """Generated files by path below the project."""
    files = {f"{FOLDER}/{name}.sql": text for name, text in functions().items()}
    return {**files, FIRST: f"{HEADER}\n{script()}"}
