"""What founding an organization and inviting a person are judged by."""

from __future__ import annotations

from typing import Any

from db.facts import FactsQuery, Json, of_row, to_be
from domain.command import Command
from domain.facts import Resource
from domain.people.facts import OrganizationToBe

_ORGANIZATION_TO_BE = """
select jsonb_build_object('home', m.platform,
         'codes', (select jsonb_agg(o.code) from organization o where o.organization = m.platform),
         'parent_kind', (select o.kind from organization o
                          where o.organization = m.platform and o.id = (k.args->'parent'->>'id')::uuid)) as resource
  from marketplace m
 where s.org is not null
   and (k.args->'parent'->>'id' is null
        or exists (select from organization o
                    where o.organization = m.platform and o.id = (k.args->'parent'->>'id')::uuid)) offset 0"""

_PERSON_TO_BE = """
select jsonb_build_object('home', o.organization, 'counterparty', o.id) as resource
  from organization o
 where s.org is not null and o.id = (k.args->'organization'->>'id')::uuid offset 0"""


def _organization_to_be(found: Json, command: Command) -> Resource[Any]:
    detail = OrganizationToBe(frozenset(found["codes"] or ()), found["parent_kind"])
    return to_be(found, "organization", detail=detail)


def _person_to_be(found: Json, command: Command) -> Resource[Any]:
    return to_be(found, "person")


FACTS: dict[str, FactsQuery] = {
    "organization": of_row("organization"),
    "organization.create": FactsQuery(_ORGANIZATION_TO_BE, _organization_to_be),
    "person": of_row("person"),
    "person.invite": FactsQuery(_PERSON_TO_BE, _person_to_be),
}
