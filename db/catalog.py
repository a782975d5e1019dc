"""The catalog as flat rows, for import and export: vendors and services by name, variants with price and stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

_VENDORS = """
with s as materialized (select set_config('app.org', $1::uuid::text, true) as org)
select v.organization, v.id, v.name, o.code
  from s
 cross join lateral (select * from vendor x where s.org is not null offset 0) v
  join organization o on o.id = v.organization"""

_SERVICES = """
with s as materialized (select set_config('app.org', $1::uuid::text, true) as org)
select e.organization, e.id, e.title, e.kind, e.state
  from s
 cross join lateral (
    select * from service x where s.org is not null and x.organization = any($2::uuid[]) offset 0) e
 order by e.created_at desc"""

_TAKEN = """
with s as materialized (select set_config('app.org', $1::uuid::text, true) as org)
select t.sku
  from s
 cross join lateral (select x.sku from variant x where s.org is not null and x.sku = any($2::text[]) offset 0) t"""

_EXPORTED = """
select v.name as vendor, e.title as service, e.kind, e.category, e.title, t.sku, t.title as variant,
       p.amount_minor, p.currency, k.on_hand, t.duration_s
  from variant t
  join service e on e.organization = t.organization and e.id = t.service
  join vendor v on v.organization = e.organization and v.id = e.vendor
  join lateral (select x.amount_minor, x.currency from price x
                 where x.organization = t.organization and x.variant = t.id and x.valid_from <= clock_timestamp()
                 order by x.valid_from desc, x.id desc limit 1) p on true
  left join stock k on k.organization = t.organization and k.variant = t.id
 order by v.name, e.title, t.sku"""


@dataclass(frozen=True, slots=True)
class VendorNamed:
    organization: UUID
    id: UUID
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class ServiceNamed:
    organization: UUID
    id: UUID
    title: str
    kind: str
    state: str


async def vendors(connection: asyncpg.Connection | asyncpg.Pool, acting: UUID) -> list[VendorNamed]:
    """Every vendor that `acting` may see."""
    rows = await connection.fetch(_VENDORS, acting)
    return [VendorNamed(_uuid(row["organization"]), _uuid(row["id"]), row["name"], row["code"]) for row in rows]


async def services(
    connection: asyncpg.Connection | asyncpg.Pool, acting: UUID, homes: Sequence[UUID]
) -> list[ServiceNamed]:
    """The services of some vendor organizations, newest first."""
    rows = await connection.fetch(_SERVICES, acting, homes)
    return [
        ServiceNamed(_uuid(row["organization"]), _uuid(row["id"]), row["title"], row["kind"], row["state"])
        for row in rows
    ]


async def taken(connection: asyncpg.Connection | asyncpg.Pool, acting: UUID, skus: Sequence[str]) -> set[str]:
    """Which of some SKUs a variant has already."""
    return {row["sku"] for row in await connection.fetch(_TAKEN, acting, skus)}


async def exported(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    """Every variant with its price now, as the database's owner sees them."""
    found: list[asyncpg.Record] = await connection.fetch(_EXPORTED)
    return found


def _uuid(value: UUID) -> UUID:
    """A plain UUID: the driver's own class has no JSON."""
    return UUID(int=value.int)
