"""What was decided, the mark it leaves in each home it touches, what was answered under a key, and counted denials."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Computed, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.tables.columns import Homed, Row, instant, one_of, rule, words


class Decision(Row, table=True):
    __tablename__ = "decision"
    __table_args__ = (
        one_of("outcome", ("allowed", "denied", "failed_closed")),
        one_of("decider", ("policy", "fixed", "recovery", "bootstrap")),
        rule("allow_of_policy_has_its_question", "decider <> 'policy' or outcome <> 'allowed' or input is not null"),
        rule("denial_moves_nothing", "outcome = 'allowed' or effects = '[]'::jsonb"),
        rule("fault_closes", "(outcome = 'failed_closed') = (fault is not null)"),
        rule("input_is_hashed", "input_sha256 is not distinct from sha256(convert_to(input, 'UTF8'))"),
        Index("decision_decided_at_ix", "organization", "decided_at", "id"),
        Index("decision_all_decided_at_ix", "decided_at", "id"),
        Index("decision_person_ix", "person", "decided_at", "id"),
        Index("decision_subject_ix", "subject", "decided_at", "id"),
        {"info": {"insert_only": True}},
    )

    action: str = words()
    outcome: str = words()
    allow: bool = Field(default=None, sa_column_args=[Computed("outcome = 'allowed'", persisted=True)])
    decider: str = words()
    person: UUID | None
    account: UUID | None
    session: UUID | None
    on_behalf_of: UUID | None
    on_behalf_organization: UUID | None
    on_behalf_decision: UUID | None
    role: str | None = words(nullable=True)
    roles: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    subject_noun: str | None = words(nullable=True)
    subject_home: UUID | None
    subject: UUID | None
    subject_state: str | None = words(nullable=True)
    subject_version: int
    revision: int
    reasons: list[Any] = Field(sa_type=JSONB, nullable=False)
    obligations: list[Any] = Field(sa_type=JSONB, nullable=False)
    effects: list[Any] = Field(sa_type=JSONB, nullable=False)
    input: str | None = words(nullable=True)
    input_sha256: bytes | None = Field(sa_type=LargeBinary, nullable=True)
    fault: str | None = words(nullable=True)
    took_ms: int
    request_id: str = words()
    trace_id: str = words()
    channel: str = words()
    app_release: str | None = words(nullable=True)
    decided_at: datetime = instant(now=True)


class DecisionMark(Row, table=True):
    __tablename__ = "decision_mark"
    __table_args__ = (UniqueConstraint("organization", "id", "allow"), {"info": {"insert_only": True}})

    allow: bool
    action: str = words()


class Idempotency(Homed, table=True):
    __tablename__ = "idempotency"
    __table_args__ = (
        one_of("state", ("done", "running")),
        Index("idempotency_created_at_ix", "created_at"),
        {"info": {"frozen": ("fingerprint",)}},
    )

    person: UUID = Field(primary_key=True)
    action: str = words(primary_key=True)
    key: str = words(primary_key=True)
    fingerprint: bytes = Field(sa_type=LargeBinary, nullable=False)
    state: str = words()
    outcome: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    created_at: datetime = instant(now=True)
    updated_at: datetime = instant(now=True)


class DenialCount(Homed, table=True):
    """How often one person was told no in one minute; beyond twenty most are only counted.

    What failed closed is counted by itself: an outage of the policy engine must not hide who tried what.
    """

    __tablename__ = "denial_count"

    person: UUID = Field(primary_key=True)
    minute: datetime = Field(sa_type=instant().sa_type, primary_key=True)
    outcome: str = words(primary_key=True)
    denied: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
