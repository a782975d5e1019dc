"""What every table is made of: column types, the mixin of nouns, and the keys that tie a row to its journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Text, text
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
METADATA = SQLModel.metadata

NOW = text("clock_timestamp()")


class Instant(DateTime):
    """An instant; the session's time zone never matters."""

    def __init__(self) -> None:
        super().__init__(timezone=True)


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's xid8."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def words(*, nullable: bool = False, default: str | None = None, **more: Any) -> Any:
    """A text column: never VARCHAR, which costs a cast in every predicate."""
    column = {"server_default": text(default)} if default is not None else {}
    return Field(sa_type=Text, nullable=nullable, sa_column_kwargs=column, **more)


def instant(*, nullable: bool = False, now: bool = False) -> Any:
    """A timestamptz column; `now` fills it from the database clock."""
    return Field(sa_type=Instant, nullable=nullable, sa_column_kwargs={"server_default": NOW} if now else {})


class Homed(SQLModel):
    """Every row has a home organization, and it leads every key."""

    organization: UUID = Field(primary_key=True)


class Row(Homed):
    """A row without a life."""

    id: UUID = Field(primary_key=True)


class Noun(Row):
    """A row with a machine: moved only together with its newest journal row."""

    state: str = words()
    version: int
    counterparty: UUID | None = Field(default=None)
    created_at: datetime = instant(now=True)
    updated_at: datetime = instant(now=True)


def head(table: str, state: str = "state") -> ForeignKeyConstraint:
    """The row references its newest journal row; deferred, because that row is written last."""
    return ForeignKeyConstraint(
        ["organization", "id", "version", state],
        ["journal.organization", "journal.aggregate", "journal.version", "journal.target"],
        name=f"{table}_head_fkey",
        deferrable=True,
        initially="DEFERRED",
    )


def parent(table: str, column: str, of: str, *, later: bool = False, circular: bool = False) -> ForeignKeyConstraint:
    """A row of the same home that must exist; `later` between nouns, which one change makes in any order."""
    return ForeignKeyConstraint(
        ["organization", column],
        [f"{of}.organization", f"{of}.id"],
        name=f"{table}_{column}_fkey",
        use_alter=circular,
        deferrable=later or None,
        initially="DEFERRED" if later else None,
    )


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """A closed list; at most ten terms, because PostgreSQL parses a CHECK anew at every INSERT."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")
