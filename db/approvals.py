"""How approvals are read; their state is derived from their answer and from their order."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Relation, Sort, Source, one_of
from domain.approvals.model import Approval

_STATE = """case when a.answer is not null then a.answer
    when o.state in ('placed', 'approved') then 'pending' else 'lapsed' end"""

APPROVALS: Source[Approval] = Source(
    model=Approval,
    table="approval",
    joins="""join orders o on o.organization = r.organization and o.id = r.order_id
        left join approval_answer a on a.organization = r.organization and a.id = r.id""",
    cells="order",
    columns={"order": "r.order_id", "state": _STATE, "decided_by": "a.person", "decided_at": "a.decided_at"},
    scope=Scope(own="(o.placed_by = {person} and r.organization = {org})"),
    sorts={"requested_at": Sort("r.requested_at", "timestamptz")},
    filters={"states": one_of(f"({_STATE})"), "roles": one_of("r.role")},
)

ALL = Relation(APPROVALS)
OF_ORDER = Relation(APPROVALS, "r.organization = p.home and r.order_id = p.id", "r.requested_at, r.id")
OF_PURCHASE = Relation(APPROVALS, "r.organization = p.home and o.purchase = p.id", "r.requested_at, r.id")
