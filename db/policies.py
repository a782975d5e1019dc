"""Row-level security of the application roles, as SQL texts by table: the second line, which fails closed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from db.roles import APPLICATION, OWNER

# In sub-selects, so that PostgreSQL computes each once a query and not once a row.
ACTING = "(select nullif(current_setting('app.org', true), '')::uuid)"
MYSELF = "(select nullif(current_setting('app.person', true), '')::uuid)"
PLATFORM = "(select m.platform = nullif(current_setting('app.org', true), '')::uuid from marketplace m)"

_OWN = f"organization = {ACTING} or {PLATFORM}"
_BOTH_SIDES = f"organization = {ACTING} or counterparty = {ACTING} or {PLATFORM}"

# `Table.info["reads"]` -> who may read a row. Tables in a sub-select are filtered by their own policy again.
READS: Mapping[str, str] = {
    "true": "true",
    "acting": f"{ACTING} is not null",
    "organization": f"""id = {ACTING} or {PLATFORM} or (kind <> 'buyer' and {ACTING} is not null)
        or exists (select from orders o where o.counterparty = {ACTING} and o.organization = organization.id)
        or exists (select from "grant" g where g.person = {MYSELF} and g.counterparty = organization.id)""",
    "person": f"""id = {MYSELF} or {PLATFORM}
        or exists (select from account a where a.organization = {ACTING} and a.person = person.id)
        or exists (select from "grant" g where g.counterparty = {ACTING} and g.person = person.id)""",
    "account": f"{_OWN} or person = {MYSELF}",
    "grant": f"counterparty = {ACTING} or {PLATFORM} or person = {MYSELF}",
    "session": f"""acting_for = {ACTING} or {PLATFORM} or person = {MYSELF}
        or exists (select from account a where a.organization = {ACTING} and a.id = session.account)""",
    "service": f"{_OWN} or (state = 'published' and {ACTING} is not null)",
    "variant": f"""{_OWN}
        or exists (select from service s where s.organization = variant.organization and s.id = variant.service)""",
    "of_variant": f"""{_OWN}
        or exists (select from variant v where v.organization = {{table}}.organization and v.id = {{table}}.variant)""",
    "note": f"{PLATFORM} or (visibility = 'parties' and (organization = {ACTING} or counterparty = {ACTING}))",
    # A vendor sees what its part of a purchase is paid from; the cells of reads.yaml decide who of them is shown it.
    "authorization": f"""{_OWN} or exists (select from orders o
        where o.organization = "authorization".organization and o.purchase = "authorization".purchase)""",
    "answer": """exists (select from approval a where a.organization = approval_answer.organization
        and a.id = approval_answer.id)""",
    "shipment_line": """exists (select from shipment s where s.organization = shipment_line.organization
        and s.id = shipment_line.shipment)""",
    # A note's text is as visible as the note, also at home: notes of the platform live with their subject.
    "vault": f"""{PLATFORM} or (organization = {ACTING} and field <> 'text')
        or (field in ('name', 'email') and exists (select from person p
             where p.organization = vault.organization and p.id = vault.subject))
        or (field = 'text' and exists (select from note n
             where n.organization = vault.organization and n.id = vault.subject))
        or (field = 'evidence' and exists (select from shipment s
             where s.organization = vault.organization and s.id = vault.subject))
        or (field in ('shipping_address', 'billing_address') and exists (select from orders o
             where o.organization = vault.organization and o.purchase = vault.subject))
        or (field in ('reason', 'revocation') and exists (select from "grant" g
             where g.organization = vault.organization and g.id = vault.subject))""",
    "vault_key": """exists (select from vault v where v.organization = vault_key.organization
        and v.subject = vault_key.subject and v.field = vault_key.field)""",
}


def readable(table: Table) -> str:
    """Which rows of one table an application role sees."""
    named = table.info.get("reads")
    if named is not None:
        return READS[named].replace("{table}", table.name)
    return _BOTH_SIDES if "counterparty" in table.columns else _OWN


def statements(table: Table) -> list[str]:
    """Forced row-level security: the owner's functions see every row, the application roles what they may read."""
    name = f'"{table.name}"' if table.name in ("grant", "authorization") else table.name
    return [
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"create policy of_the_definer on {name} to {OWNER} using (true) with check (true)",
        f"create policy of_readers on {name} for select to {', '.join(APPLICATION)} using ({readable(table)})",
        f"grant select on {name} to {', '.join(APPLICATION)}",
    ]
