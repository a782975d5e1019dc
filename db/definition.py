"""The whole database as statements in order: tables from the metadata, everything else attached to them as DDL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import DDL, MetaData, create_mock_engine, event

from db import derive, policies
from db.roles import APPLICATION, DOORS
from db.tables import METADATA
from db.text import statements

FOLDER = Path(__file__).resolve().parent

# In this order, because a function's arguments and a CHECK need what they name.
_WRITE = ("gates", "prove", "permit", "keep", "journal", "change", "doors", "revoking", "invariants", "views")


def files() -> Iterator[str]:
    """The texts of all SQL files; generated ones come fresh from their source."""
    generated = derive.functions()
    for name in ("type", "edges"):
        yield generated[f"{derive.FOLDER}/{name}.sql"]
    yield _read("sql/coded.sql")
    for file in sorted((FOLDER / "effects").glob("*.sql")):
        yield file.read_text(encoding="utf-8")
    for name in ("parse", "advance", "create", "put", "parents", "apply"):
        yield generated[f"{derive.FOLDER}/{name}.sql"]
    for name in _WRITE:
        yield _read(f"sql/{name}.sql")
    yield generated[f"{derive.FOLDER}/guards.sql"]


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


def metadata() -> MetaData:
    """A copy of the tables whose `create_all` makes the whole database."""
    whole = MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.tables.values():
        table.to_metadata(whole)
    for statement in attached():
        event.listen(whole, "after_create", DDL(statement.replace("%", "%%")))
    return whole


def script(tables: MetaData | None = None) -> str:
    """`create_all` as text."""
    parts: list[str] = []

    def keep(element: object, *_: object, **__: object) -> None:
        parts.append(str(element.compile(dialect=derive.DIALECT)).strip())  # type: ignore[attr-defined]

    whole = metadata() if tables is None else tables
    whole.create_all(create_mock_engine("postgresql://", keep), checkfirst=False)
    return ";\n\n".join(part.replace("\t", "  ").replace(", \n", ",\n") for part in parts) + ";\n"


def snapshot() -> str:
    """The first migration."""
    return derive.HEADER + "\n" + script()


def _read(path: str) -> str:
    return (FOLDER / path).read_text(encoding="utf-8")
