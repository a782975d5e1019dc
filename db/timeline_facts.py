"""What a note is judged by: the row it is about, whichever noun that is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from db.facts import FactsQuery, Json, to_be
from domain.command import Command, Ref
from domain.facts import Resource
from domain.machines import MACHINES
from domain.timeline.facts import GOVERNED, NoteToBe

# Who placed, holds or owns a subject; the other nouns have no owner.
_OWNERS = {
    "cart": "t.owner",
    "grant": "t.person",
    "order": "t.placed_by",
    "person": "t.id",
    "purchase": "t.placed_by",
    "saga": "t.person",
}
_PUBLISHED = {
    "service": "t.state = 'published'",
    "variant": """(select e.state = 'published' from service e
                      where e.organization = t.organization and e.id = t.service)""",
}


def _of(noun: str) -> str:
    """The subject where it is a `noun`: PostgreSQL looks into the one table that is meant."""
    return f"""
select jsonb_build_object('home', t.organization, 'counterparty', t.counterparty,
         'subject', jsonb_build_object('noun', '{noun}', 'home', t.organization, 'id', t.id,
           'counterparty', t.counterparty, 'owner', {_OWNERS.get(noun, "null::uuid")},
           'published', coalesce({_PUBLISHED.get(noun, "false")}, false))) as resource
  from "{MACHINES[noun].table}" t
 where s.org is not null and k.args->'subject'->>'noun' = '{noun}'
   and t.organization = (k.args->'subject'->>'home')::uuid and t.id = (k.args->'subject'->>'id')::uuid"""


_NOTE_TO_BE = f"select u.resource from ({' union all '.join(map(_of, GOVERNED))} offset 0) u"


def _note_to_be(found: Json, command: Command) -> Resource[Any]:
    subject = found["subject"]
    told = {key: subject[key] for key in ("noun", "home", "counterparty", "owner", "published")}
    ref = Ref(subject["noun"], UUID(subject["home"]), UUID(subject["id"]))
    return to_be(found, "note", parents={"subject": told}, detail=NoteToBe(ref))


FACTS: dict[str, FactsQuery] = {"note.add": FactsQuery(_NOTE_TO_BE, _note_to_be)}
