"""The journal: one row per change of state, chained per aggregate, each resting on an allow."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Computed, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.tables.columns import Homed, TransactionId, instant, rule, words


class Journal(Homed, table=True):
    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("organization", "aggregate", "version", "target"),
        UniqueConstraint("organization", "id"),
        ForeignKeyConstraint(
            ["organization", "aggregate", "previous_version", "source"],
            ["journal.organization", "journal.aggregate", "journal.version", "journal.target"],
            name="journal_chain_fkey",
        ),
        ForeignKeyConstraint(
            ["organization", "decision", "decision_allow"],
            ["decision_mark.organization", "decision_mark.id", "decision_mark.allow"],
            name="journal_decision_fkey",
        ),
        rule("decision_allows", "decision_allow"),
        rule("first_has_no_source", "version >= 1 and (version = 1) = (source is null)"),
        # The edge check is attached in db/definition.py, because its function has a name per version.
        Index("journal_request_ix", "organization", "request_id"),
        Index("journal_decision_ix", "decision"),
        Index("journal_at_ix", "organization", "at", "id"),
        Index("journal_counterparty_at_ix", "counterparty", "at", "id"),
        {"info": {"insert_only": True}},
    )

    aggregate: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    id: UUID
    noun: str = words()
    counterparty: UUID | None
    source: str | None = words(nullable=True)
    target: str = words()
    action: str = words()
    event: str = words()
    person: UUID | None
    acting_for: UUID
    on_behalf_of: UUID | None
    role: str = words()
    roles: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    decision: UUID
    decision_allow: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    revision: int
    request_id: str = words()
    trace_id: str = words()
    app_release: str | None = words(nullable=True)
    flags: list[str] = Field(sa_type=ARRAY(Text), nullable=False, sa_column_kwargs={"server_default": text("'{}'")})
    payload_version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    payload: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    at: datetime = instant(now=True)
    leaf: bytes = Field(sa_type=LargeBinary, nullable=False)
    xid: int = Field(
        sa_type=TransactionId, nullable=False, sa_column_kwargs={"server_default": text("pg_current_xact_id()")}
    )
    previous_version: int | None = Field(
        default=None, sa_column_args=[Computed("nullif(version - 1, 0)", persisted=True)]
    )
