"""Sagas, their steps, leases with fences, and timers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from db.tables.columns import Homed, Noun, head, instant, one_of, rule, words


class Saga(Noun, table=True):
    __tablename__ = "saga"
    __table_args__ = (
        head("saga"),
        one_of("kind", ("checkout", "dispatch", "release")),
        rule("key_is_whole", "num_nulls(key_action, key, fingerprint) in (0, 3)"),
        Index("saga_subject_ix", "organization", "subject"),
        Index(
            "saga_due_ix",
            "next_attempt_at",
            "id",
            postgresql_where=text("state in ('running', 'waiting', 'compensating')"),
        ),
        Index("saga_created_at_ix", "created_at", "id"),
        {
            "info": {
                "settable": ("data", "next_attempt_at"),
                "makers": ("person",),
                "frozen": (
                    "kind",
                    "subject_noun",
                    "subject",
                    "attempt",
                    "person",
                    "acting_for",
                    "decision",
                    "key_action",
                    "key",
                    "fingerprint",
                ),
            }
        },
    )

    kind: str = words()
    subject_noun: str = words()
    subject: UUID
    attempt: int
    person: UUID | None
    acting_for: UUID
    decision: UUID
    key_action: str | None = words(nullable=True)
    key: str | None = words(nullable=True)
    fingerprint: bytes | None = Field(sa_type=LargeBinary, nullable=True)
    data: dict[str, Any] = Field(
        sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text("'{}'::jsonb")}
    )
    next_attempt_at: datetime | None = instant(nullable=True)


class SagaStep(Homed, table=True):
    __tablename__ = "saga_step"
    __table_args__ = (
        one_of("state", ("pending", "running", "done", "failed", "compensating", "compensated")),
        {"info": {"child_of": ("saga", "saga")}},
    )

    saga: UUID = Field(primary_key=True)
    step: str = words(primary_key=True)
    state: str = words()
    attempts: int
    key: str = words()
    fence: int = Field(sa_type=BigInteger)
    started_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    next_attempt_at: datetime | None = instant(nullable=True)
    error: str | None = words(nullable=True)


class Lease(SQLModel, table=True):
    """Who may work on something, until when; the fence grows with every holder."""

    __tablename__ = "lease"
    __table_args__ = (Index("lease_until_ix", "until"),)

    name: str = words(primary_key=True)
    organization: UUID
    holder: UUID
    fence: int = Field(sa_type=BigInteger)
    until: datetime = instant()


class Timer(Homed, table=True):
    __tablename__ = "timer"
    __table_args__ = (Index("timer_due_ix", "due_at"),)

    noun: str = words(primary_key=True)
    aggregate: UUID = Field(primary_key=True)
    action: str = words(primary_key=True)
    due_at: datetime = instant()
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    last_error: str | None = words(nullable=True)
