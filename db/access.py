"""How grants and sessions are read."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Filter, Relation, Sort, Source, one_of
from domain.access.model import Grant, Session

_LAST_USED = """(select max(d.decided_at) from decision d where d.person = r.person
    and d.organization = r.counterparty and d.role = r.role and d.allow)"""
_USED = """(select coalesce(sum(q.total_minor), 0)::bigint from purchase q where q.organization = r.counterparty
    and q.placed_by = r.person and q.currency = r.limit_currency
    and q.state in ('authorizing', 'awaiting_provider', 'placed')
    and q.created_at > clock_timestamp() - make_interval(secs => r.limit_period_s))"""
LIVE = """(r.state = 'live' and r.valid_from <= {at} and (r.valid_until is null or r.valid_until > {at}))"""

GRANTS: Source[Grant] = Source(
    model=Grant,
    table='"grant"',
    columns={
        "label": "replace(r.role, '_', ' ')",
        "held_in": "r.counterparty",
        "last_used_at": _LAST_USED,
        "used_minor": _USED,
    },
    scope=Scope(own="r.person = {person}", counterpart="(r.counterparty = {org} or r.person = {person})"),
    sorts={"created_at": Sort("r.created_at", "timestamptz")},
    filters={
        "person_ids": one_of("r.person", "uuid"),
        "organization_ids": one_of("r.counterparty", "uuid"),
        "roles": one_of("r.role"),
        "live": Filter(f"{LIVE.format(at='clock_timestamp()')} = {{}}", "boolean"),
        # As it was then: revoked later is no obstacle.
        "live_at": Filter(
            """(r.valid_from <= {0} and (r.valid_until is null or r.valid_until > {0})
            and (r.revoked_at is null or r.revoked_at > {0}))""",
            "timestamptz",
        ),
        "unused_since": Filter(f"coalesce({_LAST_USED}, r.valid_from) < {{}}", "timestamptz"),
    },
)
SESSIONS: Source[Session] = Source(
    model=Session,
    table="session",
    columns={"acting_for": "coalesce(r.acting_for, (select a.organization from account a where a.id = r.account))"},
    scope=Scope(own="r.person = {person}"),
    sorts={"started_at": Sort("r.started_at", "timestamptz")},
    filters={"live": Filter("(r.state = 'live') = {}", "boolean")},
)

ALL = Relation(GRANTS)
OF_PERSON = Relation(GRANTS, "r.person = p.id")
OF_ORGANIZATION = Relation(GRANTS, "r.counterparty = p.id")
MEMBERSHIPS = Relation(GRANTS, f"r.person = p.id and {LIVE.format(at='clock_timestamp()')}", "r.role")
SESSIONS_OF_PERSON = Relation(SESSIONS, "r.person = p.id")
