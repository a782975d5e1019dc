"""Who may know of a row, worked out apart from the policies, and one row of every table for each of four tenants."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import asyncpg
from sqlalchemy import Text, Uuid

from db.tables import METADATA
from tests.db.plants import row

NAMES = ("Acme", "Voltworks", "Globex", "Brightclean")

_SIDES = "r.organization = $1 or r.counterparty = $1"
_HOME = "r.organization = $1"
_PUBLISHED = """exists (select from service s
    where s.organization = v.organization and s.id = v.service and s.state = 'published')"""
_ON_SALE = f"exists (select from variant v where v.organization = r.organization and v.id = r.variant and {_PUBLISHED})"
_KNOWN = """(exists (select from account a where a.organization = $1 and a.person = {id})
    or exists (select from "grant" g where g.counterparty = $1 and g.person = {id}))"""
_PARTY = """exists (select from {table} x where x.organization = r.organization and x.id = {id}
    and (x.organization = $1 or x.counterparty = $1))"""
_NOTE = _PARTY.replace("and (x", "and x.visibility = 'parties' and (x")
_VAULT = f"""case r.field
    when 'text' then {_NOTE.format(table="note", id="r.subject")}
    when 'name' then {_HOME} or {_KNOWN.format(id="r.subject")}
    when 'email' then {_HOME} or {_KNOWN.format(id="r.subject")}
    when 'evidence' then {_HOME} or {_PARTY.format(table="shipment", id="r.subject")}
    when 'reason' then {_HOME} or exists (select from "grant" g where g.id = r.subject and g.counterparty = $1)
    when 'revocation' then {_HOME} or exists (select from "grant" g where g.id = r.subject and g.counterparty = $1)
    else {_HOME} or (r.field in ('shipping_address', 'billing_address')
        and exists (select from orders o where o.purchase = r.subject and o.counterparty = $1)) end"""

# Which rows of a table an organization ($1) may know of; every table that is not here is its two sides' alone.
KNOWN_TO: Mapping[str, str] = {
    # The same for everybody who acts for somebody: no tenant's rows, or what a vendor shows the world.
    "marketplace": "true",
    "policy_revision": "true",
    "runtime_setting": "true",
    "vendor": "true",
    "organization": """r.id = $1 or r.kind <> 'buyer'
        or exists (select from orders o where o.organization = r.id and o.counterparty = $1)""",
    "service": f"{_HOME} or r.state = 'published'",
    "variant": f"{_HOME} or {_PUBLISHED.replace('v.', 'r.')}",
    "price": f"{_HOME} or {_ON_SALE}",
    "stock": f"{_HOME} or {_ON_SALE}",
    # What belongs to one side, though its home is the platform.
    "person": _KNOWN.format(id="r.id"),
    "grant": "r.counterparty = $1",
    "session": "r.acting_for = $1 or exists (select from account a where a.organization = $1 and a.id = r.account)",
    # What is as private as something else.
    "note": "r.visibility = 'parties' and (r.organization = $1 or r.counterparty = $1)",
    "authorization": f"""{_HOME} or exists (select from orders o where o.organization = r.organization
        and o.purchase = r.purchase and o.counterparty = $1)""",
    "approval_answer": _PARTY.format(table="approval", id="r.id"),
    "shipment_line": _PARTY.format(table="shipment", id="r.shipment"),
    "vault": _VAULT,
    "vault_key": _VAULT,
}

# A vault has texts of every kind, and notes are shown or not.
_EACH = """(values ('text', 'parties'), ('name', 'platform'), ('email', ''), ('evidence', ''), ('reason', ''),
    ('revocation', ''), ('shipping_address', ''), ('billing_address', ''), ('address', '')) x(field, visibility)"""
_CHECKS = """select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint
 where contype = 'c' and connamespace = 'public'::regnamespace and conrelid <> 0"""


def known_to(table: str) -> str:
    """The condition over alias `r` with the organization as $1."""
    columns = METADATA.tables[table].columns
    return KNOWN_TO.get(table) or (_SIDES if "counterparty" in columns else _HOME)


async def furnish(almighty: asyncpg.Connection) -> None:
    """One row of every table at home with each tenant, its other side the next one; no rule but uniqueness looks."""
    await almighty.execute("set session_replication_role = replica")
    for (statement,) in await almighty.fetch(_CHECKS):
        await almighty.execute(statement)
    homes = [await almighty.fetchval("select id from organization where name = $1", name) for name in NAMES]
    for name, table in METADATA.tables.items():
        if "organization" not in table.columns:
            continue
        for home, other in pairwise([*homes, homes[0]]):
            values = {c.name: "gen_random_uuid()::text" for c in table.columns if isinstance(c.type, Text)}
            # One id for all that is one tenant's, so that what belongs together is together.
            values |= {c.name: f"md5('{home}')::uuid" for c in table.columns if isinstance(c.type, Uuid)}
            values |= {"organization": f"'{home}'::uuid", "counterparty": f"'{other}'::uuid"}
            values |= {"field": "x.field", "visibility": "x.visibility"}
            given = {c.name: values[c.name] for c in table.columns if c.name in values and c.computed is None}
            await almighty.execute(f"{row(name, _EACH, **given)} on conflict do nothing")
