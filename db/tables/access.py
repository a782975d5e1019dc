"""Grants and sessions: authority that can be taken back, also by the naked hand of the owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Computed, Index
from sqlmodel import Field

from db.tables.columns import Noun, head, instant, one_of, parent, rule, words

_ALIVE = "case when state = 'revoked' then null else state end"


class Grant(Noun, table=True):
    __tablename__ = "grant"
    __table_args__ = (
        head("grant", "head_state"),
        parent("grant", "person", "person", later=True),
        one_of("state", ("live", "revoked")),
        rule("is_not_self_given", "granted_by <> person"),
        rule("held_somewhere", "counterparty is not null"),
        rule("ends_after_start", "valid_until > valid_from"),
        rule(
            "limit_is_whole",
            "num_nulls(limit_purchase_minor, limit_currency) in (0, 2)"
            " and num_nulls(limit_period_minor, limit_period_s) in (0, 2)"
            " and (limit_currency is not null or limit_period_minor is null)",
        ),
        Index("grant_person_ix", "organization", "person", "counterparty"),
        Index("grant_counterparty_ix", "counterparty", "person"),
        {
            "info": {
                "settable": ("revoked_by", "revoked_at"),
                "makers": ("granted_by", "revoked_by"),
                "signed": "granted_by",
                "frozen": ("person", "role", "counterparty", "granted_by", "valid_from", "valid_until"),
                "reads": "grant",
            }
        },
    )

    person: UUID
    role: str = words()
    valid_from: datetime = instant(now=True)
    valid_until: datetime | None = instant(nullable=True)
    granted_by: UUID | None
    revoked_by: UUID | None
    revoked_at: datetime | None = instant(nullable=True)
    limit_purchase_minor: int | None = Field(sa_type=BigInteger)
    limit_period_minor: int | None = Field(sa_type=BigInteger)
    limit_period_s: int | None
    limit_currency: str | None = words(nullable=True)
    head_state: str | None = words(nullable=True, sa_column_args=[Computed(_ALIVE, persisted=True)])


class Session(Noun, table=True):
    __tablename__ = "session"
    __table_args__ = (
        head("session", "head_state"),
        parent("session", "person", "person", later=True),
        one_of("state", ("live", "revoked")),
        Index("session_token_key", "issuer", "token_id", "account", unique=True),
        Index("session_person_ix", "organization", "person"),
        Index("session_id_ix", "id"),
        {
            "info": {
                "settable": ("acting_for", "revoked_at"),
                "frozen": ("person", "account", "issuer", "token_id"),
                "reads": "session",
            }
        },
    )

    person: UUID
    account: UUID
    acting_for: UUID | None
    issuer: str = words()
    token_id: str = words()
    client: str | None = words(nullable=True)
    started_at: datetime = instant(now=True)
    last_seen_at: datetime = instant(now=True)
    revoked_at: datetime | None = instant(nullable=True)
    head_state: str | None = words(nullable=True, sa_column_args=[Computed(_ALIVE, persisted=True)])
