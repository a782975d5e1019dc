"""What grants and sessions are judged by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from db import parts
from db.facts import ACTORS, FactsQuery, Json, resource_of, to_be
from domain.access.facts import GrantHeld, GrantToBe, SessionTarget
from domain.change import Proof
from domain.command import Command
from domain.facts import Resource

# A grant that counts now, by the database clock.
_LIVE = """g.state = 'live' and g.valid_from <= clock_timestamp()
                  and (g.valid_until is null or g.valid_until > clock_timestamp())"""

_GRANT = f"""
select jsonb_build_object('id', g.id, 'home', g.organization, 'counterparty', g.counterparty, 'state', g.state,
         'version', g.version, 'person', g.person, 'actors', {ACTORS.format(row="g")}) as resource
  from "grant" g
 where s.org is not null and g.organization = k.home and g.id = k.id offset 0"""

# Row-level security would hide what the person holds in organizations that the grantor does not see.
_GRANT_TO_BE = """
select jsonb_build_object('home', o.organization, 'counterparty', o.id, 'kind', o.kind,
         'person', p.id, 'epoch', p.authority_epoch,
         'roles', held_roles(p.id)) as resource
  from organization o
  join person p on p.organization = o.organization
 where s.org is not null and o.id = (k.args->'organization'->>'id')::uuid
   and p.id = (k.args->'person'->>'id')::uuid offset 0"""

_SESSION = f"""
select jsonb_build_object('id', n.id, 'home', n.organization, 'counterparty', n.counterparty, 'state', n.state,
         'version', n.version, 'person', n.person, 'actors', {ACTORS.format(row="n")},
         'roles', (select coalesce(jsonb_agg(distinct g.role), '[]'::jsonb) from "grant" g
                    where g.organization = n.organization and g.person = n.person
                      and g.counterparty = (k.args->'organization'->>'id')::uuid
                      and {_LIVE})) as resource
  from session n
 where s.org is not null and n.id = k.id offset 0"""

# Where the person holds nothing is to them as if it did not exist.
_SWITCH = f"""{_SESSION.removesuffix(" offset 0")}
   and {parts.MEMBERSHIP.format(person="n.person")} offset 0"""

_SESSION_TO_BE = "select jsonb_build_object('home', m.platform) as resource from marketplace m where s.org is not null"


def _grant(found: Json, command: Command) -> Resource[Any]:
    person = UUID(found["person"])
    return resource_of(found, "grant", parents={"owner": person}, detail=GrantHeld(person))


def _grant_to_be(found: Json, command: Command) -> Resource[Any]:
    return to_be(
        found,
        "grant",
        parents={"grantee_roles": found["roles"], "organization_kind": found["kind"]},
        detail=GrantToBe(found["kind"]),
        proofs=(Proof("person", found["epoch"], id=UUID(found["person"])),),
    )


def _session(found: Json, command: Command) -> Resource[Any]:
    parents: dict[str, Any] = {"owner": UUID(found["person"])}
    if command.action == "session.switch":
        parents["target_roles"] = found["roles"]
    return resource_of(found, "session", parents=parents, detail=SessionTarget(tuple(found["roles"])))


def _session_to_be(found: Json, command: Command) -> Resource[Any]:
    return to_be(found, "session")


FACTS: dict[str, FactsQuery] = {
    "grant": FactsQuery(_GRANT, _grant),
    "grant.issue": FactsQuery(_GRANT_TO_BE, _grant_to_be),
    "session": FactsQuery(_SESSION, _session),
    "session.switch": FactsQuery(_SWITCH, _session),
    "session.start": FactsQuery(_SESSION_TO_BE, _session_to_be),
}
