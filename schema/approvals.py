"""Approvals that policy asked for."""

from __future__ import annotations

from enum import auto
from typing import Annotated

import strawberry

from domain.approvals import model
from domain.refusals import Reason as DomainReason
from resolvers import orders
from schema.bind import Info, Words, described, field, listed, noticed, one, shown, shows
from schema.kinds import Role
from schema.orders import Order
from schema.purchases import Purchase
from schema.scalars import DateTime
from schema.shared import Actor, Node, PageInfo, Reason, sealed


@listed
class ApprovalState(Words):
    """Life of an approval."""

    PENDING = auto()
    GRANTED = auto()
    REJECTED = auto()
    LAPSED = strawberry.enum_value("lapsed", description="No longer needed, because the subject was cancelled.")


ApprovalSubject = Annotated[
    Purchase | Order,
    strawberry.union(
        "ApprovalSubject",
        description="What is approved: a whole purchase by the buyer's side, one order by the platform.",
    ),
]


def _reason(root: model.Approval) -> DomainReason:
    return DomainReason(code=root.rule, message=root.message)


def _decided_by(root: model.Approval, info: Info) -> object:
    return orders.decided_by(info.context, root)


@shows(model.Approval)
class Approval(Node):
    """A yes that policy asks for before an order may go on. Given with `purchaseApprove` or `orderApprove`."""

    subject: ApprovalSubject = one(orders.order_of_approval, semantic=False)
    role: Role
    state: ApprovalState
    reason: Reason = shown(_reason, "The rule that asked.")
    requested_at: DateTime
    decided_by: Actor | None = field(_decided_by)
    decided_at: DateTime | None
    comment: str | None = sealed(orders.comment)


@described
class ApprovalEdge:
    """An approval on a page."""

    cursor: str
    node: Approval | None = noticed()


@described
class ApprovalConnection:
    """A page of approvals."""

    edges: list[ApprovalEdge]
    page_info: PageInfo
