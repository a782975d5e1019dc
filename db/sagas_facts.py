"""What a saga is driven by: its own row and steps, and what it is about as the rules of that see it."""

from __future__ import annotations

from typing import Any

from db import parts
from db.facts import FactsQuery, Json
from db.orders_facts import ORDER, order_from
from db.purchases_facts import PURCHASE, purchase_from
from domain.command import Command
from domain.facts import Resource

_SAGA = f"""
select jsonb_build_object('row', {parts.SAGA}, 'about',
         case g.kind
           when 'checkout' then (select {PURCHASE} from purchase p
                                  where p.organization = g.organization and p.id = g.subject)
           when 'dispatch' then (select {ORDER} from orders o
                                  where o.organization = g.organization and o.id = g.subject)
           when 'release' then (select {parts.AUTHORIZATION} from "authorization" a
                                 where a.organization = g.organization and a.id = g.subject)
         end) as resource
  from saga g
 where s.org is not null and g.organization = k.home and g.id = k.id offset 0"""


def _saga(found: Json, command: Command) -> Resource[Any]:
    row = found["row"]
    subject: Resource[Any] | None
    match row["kind"]:
        case "checkout":
            subject = purchase_from(found["about"], command)
        case "dispatch":
            subject = order_from(found["about"])
        case _:
            subject = parts.authorization_of(found["about"])
    saga = parts.saga_of(row, subject)
    if saga is None:
        raise ValueError("a row that was found is there")
    return saga


FACTS: dict[str, FactsQuery] = {"saga": FactsQuery(_SAGA, _saga)}
