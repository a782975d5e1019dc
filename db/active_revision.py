"""Which policy revision decides now, for whoever must know it without a question; decides nothing."""

from __future__ import annotations

import asyncpg

_ACTIVE = """
with s as materialized (select set_config('app.org', (select m.platform from marketplace m)::text, true) as org)
select r.number
  from s
 cross join lateral (
    select max(x.number) as number from policy_revision x
     where s.org is not null and x.organization = s.org::uuid and x.state = 'active' offset 0) r
"""


async def active_revision(pool: asyncpg.Pool) -> int:
    """Its number; 0 before the marketplace was seeded."""
    return await pool.fetchval(_ACTIVE) or 0
