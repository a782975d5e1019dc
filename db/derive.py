"""Everything of the database that is generated: effect functions, and the first migration made of all of it."""

from __future__ import annotations

from db.definition import script
from db.generator import FOLDER, HEADER, functions
from db.migrations import beginning, scripts_on_disk


def generate() -> dict[str, str]:
    """Generated files by path below the project.

    The first migration is one of them as long as it is the only one: with a second there are databases to bring along.
    """
    files = {f"{FOLDER}/{name}.sql": text for name, text in functions().items()}
    if len(scripts_on_disk()) > 1:
        return files
    return {**files, f"db/migrations/versions/{beginning().name}": f"{HEADER}\n{script()}"}
