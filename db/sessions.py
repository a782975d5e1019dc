"""Who a bearer token stands for, in one statement; starts no session and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from domain.access.identity import Identity

# Whom the session acts for: its last switch, else where the account was invited to while a grant there is live,
# else the only organization with a live grant. Version 1 of a session was never switched.
_KNOWN = """
with s as materialized (select set_config('app.org', (select m.platform from marketplace m)::text, true) as org)
select s.org::uuid as platform, a.id as account, a.person, a.organization as invited_to,
       n.id as session, n.state as session_state,
       n.last_seen_at < clock_timestamp() - interval '1 minute' as unseen,
       o.id as organization, o.kind as organization_kind,
       array(select distinct w.role from unnest(g.places, g.roles) as w(place, role) where w.place = o.id) as roles,
       (select max(r.number) from policy_revision r where r.organization = s.org::uuid and r.state = 'active')
         as revision
  from s
 cross join lateral (
    select x.id, x.person, x.organization from account x
     where s.org is not null and x.issuer = $1 and x.subject = $2 offset 0) a
  left join lateral (
    select x.id, x.state, x.version, x.acting_for, x.last_seen_at from session x
     where x.organization = s.org::uuid and x.issuer = $1 and x.token_id = $3 and x.account = a.id offset 0) n on true
 cross join lateral (
    select array_agg(x.counterparty) as places, array_agg(x.role) as roles,
           count(distinct x.counterparty) as count
      from "grant" x
     where x.organization = s.org::uuid and x.person = a.person and x.state = 'live'
       and x.valid_from <= clock_timestamp()
       and (x.valid_until is null or x.valid_until > clock_timestamp()) offset 0) g
  left join lateral (
    select x.id, x.kind from organization x
     where x.organization = s.org::uuid
       and x.id = case when n.version > 1 then n.acting_for
                       when a.organization = any(g.places) then a.organization
                       when g.count = 1 then g.places[1] end
    offset 0) o on true
"""

_LOGINS = """
with s as materialized (select set_config('app.org', (select m.platform from marketplace m)::text, true) as org)
select a.subject
  from s
 cross join lateral (
    select x.subject from account x
     where s.org is not null and x.issuer = $1 and ($2::text is null or x.subject = $2)
     order by x.created_at, x.subject limit $3 offset 0) a
"""


@dataclass(frozen=True, slots=True)
class Known:
    """An account, and the session of one token of it, if that was started."""

    platform: UUID
    account: UUID
    person: UUID
    invited_to: UUID
    session: UUID | None
    revoked: bool
    unseen: bool  # for a minute or longer
    organization: UUID | None
    organization_kind: str | None
    roles: tuple[str, ...]
    revision: int

    def identity(self) -> Identity | None:
        """None before the session was started and after it was revoked."""
        if self.session is None or self.revoked:
            return None
        return Identity(
            platform=self.platform,
            account=self.account,
            person=self.person,
            session=self.session,
            organization=self.organization,
            organization_kind=self.organization_kind,
            roles=self.roles,
        )


async def identify(
    pool: asyncpg.Pool, issuer: str, subject: str, token_id: str, *, wait_s: float = 2.0
) -> Known | None:
    """One round trip; None for an unknown account. Raises `TimeoutError` when no connection comes free."""
    async with pool.acquire(timeout=wait_s) as connection:
        row = await connection.fetchrow(_KNOWN, issuer, subject, token_id)
    if row is None:
        return None
    return Known(
        platform=row["platform"],
        account=row["account"],
        person=row["person"],
        invited_to=row["invited_to"],
        session=row["session"],
        revoked=row["session"] is not None and row["session_state"] != "live",
        unseen=bool(row["unseen"]),
        organization=row["organization"],
        organization_kind=row["organization_kind"],
        roles=tuple(sorted(row["roles"])),
        revision=row["revision"] or 0,
    )


async def logins(
    pool: asyncpg.Pool | asyncpg.Connection, issuer: str, *, login: str | None = None, limit: int = 50
) -> list[str]:
    """The subjects that an issuer may name, oldest first; `login` asks about one."""
    return [row["subject"] for row in await pool.fetch(_LOGINS, issuer, login, limit)]


async def touch(pool: asyncpg.Pool, session: UUID) -> None:
    """Note that a session is in use."""
    await pool.fetchval("select touch_session($1)", session)
