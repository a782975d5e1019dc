"""Grants and sessions: who holds what where, and what of a limit is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db import access
from db.vault import Place
from domain.access.identity import Identity
from domain.access.model import Grant, Membership, Session
from domain.command import Ref
from domain.journal.model import Doer
from domain.money import Money
from resolvers.context import Context
from resolvers.nodes import organization, person
from resolvers.paging import Listing

_IDS = {"person_ids": ("person",), "organization_ids": ("organization",)}
GRANTS = Listing(access.ALL, "created_at", ids=_IDS)
OF_PERSON = Listing(access.OF_PERSON, "created_at")
OF_ORGANIZATION = Listing(access.OF_ORGANIZATION, "created_at")
SESSIONS = Listing(access.SESSIONS_OF_PERSON, "started_at")


@dataclass(frozen=True, slots=True)
class SpendLimit:
    per_purchase: Money
    per_period: Money
    period: int
    used_in_period: Money


def person_of(context: Context, held: Grant | Session) -> Ref | None:
    return person(context, held.person)


def held_in(context: Context, grant: Grant) -> Ref | None:
    return organization(context, grant.held_in)


def acting_for(context: Context, session: Session) -> Ref | None:
    return organization(context, session.acting_for)


def reason(grant: Grant) -> Place:
    return grant.home, grant.id, "reason"


def granted_by(grant: Grant) -> Doer:
    return _doer(grant.granted_by)


def revoked_by(grant: Grant) -> Doer | None:
    return None if grant.revoked_at is None else _doer(grant.revoked_by)


def _doer(id: object) -> Doer:
    return Doer(person=id, organization=None, roles=() if id else ("system",))  # type: ignore[arg-type]


def spend_limit(grant: Grant) -> SpendLimit | None:
    """None without a limit. A limit without a period counts purchases one by one."""
    currency, purchase = grant.limit_currency, grant.limit_purchase_minor
    if currency is None or purchase is None:
        return None
    period = purchase if grant.limit_period_minor is None else grant.limit_period_minor
    return SpendLimit(
        per_purchase=Money(purchase, currency),
        per_period=Money(period, currency),
        period=grant.limit_period_s or 0,
        used_in_period=Money(grant.used_minor, currency),
    )


async def memberships_of(context: Context, identities: Sequence[Identity]) -> Sequence[Sequence[Membership]]:
    """Where each person holds roles now."""
    platform = context.seer.platform
    parents = [Ref("person", platform, identity.person) for identity in identities]
    found = await context.under(access.MEMBERSHIPS, parents)
    held: list[list[Membership]] = []
    for grants in found:
        places = dict.fromkeys(grant.held_in for grant in grants)
        held.append([Membership(p, tuple(g.role for g in grants if g.held_in == p)) for p in places])
    return held
