"""What a correction of stock is judged by; holds are part of a checkout's facts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from db.facts import ACTORS, FactsQuery, Json, resource_of
from domain.command import Command, Ref
from domain.facts import Resource
from domain.inventory.facts import StockHad

# The target is the variant, whose stock it is; the stock's own id finds it as well.
_STOCK = f"""
select jsonb_build_object('id', t.id, 'home', t.organization, 'state', t.state, 'version', t.version,
         'actors', {ACTORS.format(row="t")}, 'variant', v.id, 'sku', v.sku, 'on_hand', t.on_hand,
         'reserved', t.reserved, 'published', e.state = 'published') as resource
  from stock t
  join variant v on v.organization = t.organization and v.id = t.variant
  join service e on e.organization = v.organization and e.id = v.service
 where s.org is not null and t.organization = k.home and (t.variant = k.id or t.id = k.id) offset 0"""


def _stock(found: Json, command: Command) -> Resource[Any]:
    variant = Ref("variant", UUID(found["home"]), UUID(found["variant"]))
    return resource_of(
        found,
        "stock",
        parents={"published": found["published"]},
        detail=StockHad(variant, found["sku"], found["on_hand"], found["reserved"]),
    )


FACTS: dict[str, FactsQuery] = {"stock": FactsQuery(_STOCK, _stock)}
