"""Authorizations, captures and every call of a provider: at most one live authorization, captured within it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from db.tables.columns import Noun, Row, head, instant, one_of, parent, rule, words


class Authorization(Noun, table=True):
    __tablename__ = "authorization"
    __table_args__ = (
        head("authorization"),
        parent("authorization", "purchase", "purchase", later=True),
        UniqueConstraint("organization", "purchase", "attempt"),
        UniqueConstraint("organization", "provider_key"),
        rule("amount_is_not_negative", "amount_minor >= 0"),
        rule("captured_is_within", "0 <= captured_minor and captured_minor <= amount_minor"),
        Index(
            "authorization_live_key",
            "organization",
            "purchase",
            unique=True,
            postgresql_where=text("state in ('initiated', 'authorized', 'unknown')"),
        ),
        Index("authorization_unknown_ix", "updated_at", "id", postgresql_where=text("state = 'unknown'")),
        {
            "info": {
                "settable": ("provider_reference", "decline_code", "expires_at"),
                "kept": ("captured_minor",),
                "reads": "authorization",
                "frozen": ("purchase", "attempt", "amount_minor", "currency", "method", "provider", "provider_key"),
            }
        },
    )

    purchase: UUID
    attempt: int
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
    method: str = words()
    provider: str = words()
    provider_key: str = words()
    provider_reference: str | None = words(nullable=True)
    decline_code: str | None = words(nullable=True)
    expires_at: datetime | None = instant(nullable=True)
    captured_minor: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


class Capture(Noun, table=True):
    __tablename__ = "capture"
    __table_args__ = (
        head("capture"),
        parent("capture", "order_id", "orders", later=True),
        parent("capture", "authorization_id", "authorization", later=True),
        UniqueConstraint("organization", "provider_key"),
        rule("amount_is_positive", "amount_minor > 0"),
        Index(
            "capture_live_key",
            "organization",
            "order_id",
            unique=True,
            postgresql_where=text("state in ('pending', 'unknown', 'succeeded')"),
        ),
        Index("capture_order_ix", "organization", "order_id"),
        Index("capture_authorization_ix", "organization", "authorization_id"),
        {
            "info": {
                "settable": ("provider_reference", "failure"),
                "makers": ("requested_by",),
                "frozen": (
                    "counterparty",
                    "order_id",
                    "authorization_id",
                    "amount_minor",
                    "currency",
                    "provider_key",
                    "requested_by",
                ),
            }
        },
    )

    order_id: UUID
    authorization_id: UUID
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
    provider_key: str = words()
    provider_reference: str | None = words(nullable=True)
    failure: str | None = words(nullable=True)
    requested_by: UUID


class PaymentAttempt(Row, table=True):
    __tablename__ = "payment_attempt"
    __table_args__ = (
        parent("payment_attempt", "authorization_id", "authorization"),
        parent("payment_attempt", "capture_id", "capture"),
        one_of("kind", ("authorize", "capture", "void", "lookup")),
        one_of("outcome", ("succeeded", "declined", "failed", "unknown")),
        Index("payment_attempt_authorization_ix", "organization", "authorization_id", "at"),
        {"info": {"by_effect": True, "of": ("authorization_id", "capture_id"), "insert_only": True}},
    )

    authorization_id: UUID
    capture_id: UUID | None
    kind: str = words()
    outcome: str = words()
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
    provider_key: str = words()
    provider_reference: str | None = words(nullable=True)
    decline_code: str | None = words(nullable=True)
    at: datetime = instant(now=True)
