"""The ledger as transfers, balanced by construction, and the counters of human numbers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from db.tables.columns import Homed, Row, instant, rule, words


class Transfer(Row, table=True):
    __tablename__ = "transfer"
    __table_args__ = (
        rule("amount_is_positive", "amount > 0"),
        rule("sides_differ", "debit <> credit"),
        Index("transfer_cause_ix", "organization", "cause"),
        {"info": {"insert_only": True}},
    )

    debit: str = words()
    credit: str = words()
    amount: int = Field(sa_type=BigInteger)
    currency: str = words()
    cause: UUID
    at: datetime = instant(now=True)


class Counter(Homed, table=True):
    __tablename__ = "counter"

    name: str = words(primary_key=True)
    value: int = Field(sa_type=BigInteger)
