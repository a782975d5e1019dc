"""The whole database as statements in order: tables from the metadata, everything else attached to them as DDL."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_WRITE = (
    "gates",
    "prove",
    "question",
    "permit",
    "belongs",
    "keep",
    "journal",
    "change",
    "doors",
    "revoking",
    "invariants",
    "whole",
    "views",
)


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
    """`create_all` as text: tables, indexes, keys, then everything attached."""
    parts: list[str] = []

    def keep(element: Any, *_: object, **__: object) -> None:
        # The compiler doubles percent signs for drivers that format; a script is read as it is.
        text = str(element.compile(dialect=DIALECT)).replace("%%", "%").strip()
        parts.append(text.replace("\t", "  ").replace(", \n", ",\n"))

    METADATA.create_all(create_mock_engine("postgresql://", keep), checkfirst=False)
    tables = [part for part in parts if part.startswith("CREATE TABLE")]
    # SQLAlchemy keeps a table's indexes in a set, so their order is for us to choose.
    indexes = sorted(part for part in parts if _INDEX.match(part))
    others = [part for part in parts if part not in tables and part not in indexes]
    return ";\n\n".join([*map(_without_keys, tables), *indexes, *_keys(tables), *others]) + ";\n"


_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX")
_KEY = re.compile(r",\n\s*(CONSTRAINT \S+ (PRIMARY KEY|UNIQUE|FOREIGN KEY)[^\n]*?)(?=,?\n)")


def _without_keys(table: str) -> str:
    return _KEY.sub("", table)


def _keys(tables: list[str]) -> list[str]:
    """Keys are made after the indexes: of two that look equally good, PostgreSQL takes the younger.

    On a table without statistics every index that begins with the organization looks as good as the key, and the
    check of a foreign key would read all rows of the organization until the next ANALYZE.
    """
    found = [(table.split("(")[0].split()[2], *key.groups()) for table in tables for key in _KEY.finditer(table)]
    foreign = [f"ALTER TABLE {table} ADD {text}" for table, text, kind in found if kind == "FOREIGN KEY"]
    targets = "\n".join(foreign)

    def youngest_last(key: tuple[Any, ...]) -> int:
        table, text, kind = key
        wanted = f"REFERENCES {table} {text[text.index('(') :]}"
        return 2 if wanted in targets else 1 if kind == "PRIMARY KEY" else 0

    own = sorted((key for key in found if key[2] != "FOREIGN KEY"), key=youngest_last)
    return [*(f"ALTER TABLE {table} ADD {text}" for table, text, _ in own), *foreign]


def _read(path: str) -> str:
    return (FOLDER / path).read_text(encoding="utf-8")


for _statement in attached():
    event.listen(METADATA, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
