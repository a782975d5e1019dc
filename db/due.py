"""What has fallen due by the database clock and that nobody holds: sagas to drive on, timers to act on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from domain.command import Ref

# The worker looks at every organization's, as the platform.
_AS_PLATFORM = "with s as materialized (select set_config('app.org', m.platform::text, true) as org from marketplace m)"

_SAGAS = f"""{_AS_PLATFORM}
select d.organization, d.id
  from s
 cross join lateral (
    select g.organization, g.id from saga g
     where s.org is not null and g.state in ('running', 'waiting', 'compensating')
       and g.next_attempt_at <= clock_timestamp()
       and not exists (select from lease l where l.name = 'saga:' || g.id and l.until > clock_timestamp())
     order by g.next_attempt_at, g.id limit $1 offset 0) d"""

_TIMERS = f"""{_AS_PLATFORM}
select d.organization, d.noun, d.aggregate, d.action
  from s
 cross join lateral (
    select t.organization, t.noun, t.aggregate, t.action from timer t
     where s.org is not null and t.due_at <= clock_timestamp()
       and not exists (select from lease l where l.name = 'timer:' || t.action || ':' || t.aggregate
                          and l.until > clock_timestamp())
     order by t.due_at, t.aggregate limit $1 offset 0) d"""


@dataclass(frozen=True, slots=True)
class DueTimer:
    """One action that is to happen to one row."""

    target: Ref
    action: str

    @property
    def lease(self) -> str:
        return f"timer:{self.action}:{self.target.id}"


async def due_sagas(pool: asyncpg.Pool, most: int) -> list[Ref]:
    rows = await pool.fetch(_SAGAS, most)
    return [Ref("saga", row["organization"], row["id"]) for row in rows]


async def due_timers(pool: asyncpg.Pool, most: int) -> list[DueTimer]:
    rows = await pool.fetch(_TIMERS, most)
    return [DueTimer(Ref(row["noun"], row["organization"], UUID(str(row["aggregate"]))), row["action"]) for row in rows]
