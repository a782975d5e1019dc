"""What an authorization or a capture is judged by when it moves by itself, as a step of a saga."""

from __future__ import annotations

from typing import Any

from db import parts
from db.facts import FactsQuery, Json
from domain.command import Command
from domain.facts import Resource

# The driver names the saga that it drives; without one it is the purchase's own.
_AUTHORIZATION = f"""
select jsonb_build_object('row', {parts.AUTHORIZATION},
         'saga', (select {parts.SAGA} from saga g
                   where g.organization = a.organization
                     and (g.id = (k.args->'saga'->>'id')::uuid
                          or (k.args->'saga' is null and g.subject = a.purchase))
                   order by g.created_at desc, g.id desc limit 1)) as resource
  from "authorization" a
 where s.org is not null and a.organization = k.home and a.id = k.id offset 0"""

_CAPTURE = f"""
select jsonb_build_object('row', {parts.CAPTURE},
         'authorization', (select {parts.AUTHORIZATION} from "authorization" a
                            where a.organization = c.organization and a.id = c.authorization_id),
         'saga', (select {parts.SAGA} from saga g
                   where g.organization = c.organization and g.subject = c.order_id and g.kind = 'dispatch'
                   order by g.created_at desc, g.id desc limit 1)) as resource
  from capture c
 where s.org is not null and c.organization = k.home and c.id = k.id offset 0"""


def _authorization(found: Json, command: Command) -> Resource[Any]:
    return _there(parts.authorization_of(found["row"], found["saga"]))


def _capture(found: Json, command: Command) -> Resource[Any]:
    return _there(parts.capture_of(found["row"], found["authorization"], found["saga"]))


def _there(resource: Resource[Any] | None) -> Resource[Any]:
    if resource is None:
        raise ValueError("a row that was found is there")
    return resource


FACTS: dict[str, FactsQuery] = {
    "authorization": FactsQuery(_AUTHORIZATION, _authorization),
    "capture": FactsQuery(_CAPTURE, _capture),
}
