"""Approvals: asked in one row, answered in another; neither ever changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index

from db.tables.columns import Row, instant, one_of, parent, words


class Approval(Row, table=True):
    __tablename__ = "approval"
    __table_args__ = (
        parent("approval", "order_id", "orders"),
        Index("approval_order_ix", "organization", "order_id"),
        Index("approval_requested_at_ix", "requested_at", "id"),
        {"info": {"by_effect": True, "of": ("order_id",), "insert_only": True}},
    )

    counterparty: UUID | None
    order_id: UUID
    role: str = words()
    rule: str = words()
    message: str = words()
    requested_at: datetime = instant(now=True)


class ApprovalAnswer(Row, table=True):
    """Has the id of the approval it answers: at most one."""

    __tablename__ = "approval_answer"
    __table_args__ = (
        parent("approval_answer", "id", "approval"),
        one_of("answer", ("granted", "rejected")),
        {"info": {"by_effect": True, "insert_only": True, "makers": ("person",), "reads": "answer"}},
    )

    answer: str = words()
    person: UUID
    decided_at: datetime = instant(now=True)
