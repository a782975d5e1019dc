"""The whole database as statements in order: tables from the metadata, everything else attached to them as DDL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import DDL, create_mock_engine, event

from db import policies
from db.generator import functions
from db.generator.words import DIALECT
from db.roles import APPLICATION, DOORS
from db.tables import METADATA
from db.text import statements

FOLDER = Path(__file__).resolve().parent

# In this order, because a function's arguments and a CHECK need what they name.
_WRITE = ("gates", "prove", "permit", "keep", "journal", "change", "doors", "revoking", "invariants", "views")


def files() -> Iterator[str]:
    """The texts of all SQL files; generated ones come fresh from their source."""
    generated = functions()
    for name in ("type", "edges"):
        yield generated[name]
    yield _read("sql/coded.sql")
    for file in sorted((FOLDER / "effects").glob("*.sql")):
        yield file.read_text(encoding="utf-8")
    for name in ("parse", "advance", "create", "put", "parents", "apply"):
        yield generated[name]
    for name in _WRITE:
        yield _read(f"sql/{name}.sql")
    yield generated["guards"]


def attached() -> Iterator[str]:
    """Every statement beyond the tables, in order."""
    for text in files():
        yield from statements(text)
    for table in METADATA.sorted_tables:
        yield from policies.statements(table)
    yield from privileges()


def privileges() -> Iterator[str]:
    """Nobody executes anything but the application roles, and they the doors alone."""
    yield "revoke execute on all functions in schema public from public"
    yield "alter default privileges revoke execute on functions from public"
    for name, arguments in DOORS.items():
        yield f"grant execute on function {name}({arguments}) to {', '.join(APPLICATION)}"
    yield f"grant select on payments, posting to {', '.join(APPLICATION)}"


def script() -> str:
    """`create_all` as text."""
    parts: list[str] = []

    def keep(element: Any, *_: object, **__: object) -> None:
        # The compiler doubles percent signs for drivers that format; a script is read as it is.
        parts.append(str(element.compile(dialect=DIALECT)).replace("%%", "%").strip())

    METADATA.create_all(create_mock_engine("postgresql://", keep), checkfirst=False)
    in_order = (part for of_index, run in groupby(parts, _is_index) for part in (sorted(run) if of_index else run))
    return ";\n\n".join(part.replace("\t", "  ").replace(", \n", ",\n") for part in in_order) + ";\n"


def _is_index(statement: str) -> bool:
    """SQLAlchemy keeps a table's indexes in a set, so their order is for us to choose."""
    return statement.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX"))


def _read(path: str) -> str:
    return (FOLDER / path).read_text(encoding="utf-8")


for _statement in attached():
    event.listen(METADATA, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
