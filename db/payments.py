"""How money is read: one payment per order, authorizations, captures and calls to the provider."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Filter, Relation, Sort, Source, between, one_of
from domain.payments.model import Authorization, Capture, Payment, PaymentAttempt

_CAPTURED = """(select coalesce(sum(c.amount_minor), 0)::bigint from capture c
    where c.organization = r.organization and c.order_id = r.id and c.state = 'succeeded')"""

# An order exists once its purchase is authorized, and gives its share back when it is rejected or cancelled.
PAYMENTS: Source[Payment] = Source(
    model=Payment,
    table="orders",
    cells="order",
    group="payment",
    columns={
        "authorized": "case when r.state in ('rejected', 'cancelled') then 0 else r.total_minor end",
        "captured": _CAPTURED,
    },
    scope=Scope(own="(r.placed_by = {person} and r.organization = {org})"),
)
AUTHORIZATIONS: Source[Authorization] = Source(
    model=Authorization,
    table='"authorization"',
    joins="join purchase q on q.organization = r.organization and q.id = r.purchase",
    columns={"label": "'Authorization ' || r.attempt || ' of ' || q.number"},
    scope=Scope(own="(q.placed_by = {person} and r.organization = {org})"),
    sorts={"created_at": Sort("r.created_at", "timestamptz")},
    filters={
        "states": one_of("r.state"),
        "buyer_ids": one_of("r.organization", "uuid"),
        "provider": Filter("r.provider = {}", "text"),
        **between("created", "r.created_at"),
    },
)
CAPTURES: Source[Capture] = Source(
    model=Capture,
    table="capture",
    columns={"order": "r.order_id", "authorization": "r.authorization_id"},
)
ATTEMPTS: Source[PaymentAttempt] = Source(
    model=PaymentAttempt, table="payment_attempt", cells="authorization", group="provider"
)

ALL = Relation(AUTHORIZATIONS)
OF_PURCHASE = Relation(AUTHORIZATIONS, "r.organization = p.home and r.purchase = p.id", "r.attempt desc")
CAPTURES_OF_ORDER = Relation(CAPTURES, "r.organization = p.home and r.order_id = p.id", "r.created_at, r.id")
ATTEMPTS_OF_AUTHORIZATION = Relation(ATTEMPTS, "r.organization = p.home and r.authorization_id = p.id", "r.at, r.id")
