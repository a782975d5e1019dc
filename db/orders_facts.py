"""What an order is judged by: who did what so far, its money, its stock, its payment, both sides' standing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from db import parts
from db.facts import ACTORS, FactsQuery, Json, resource_of
from domain.change import Proof
from domain.command import Command
from domain.facts import Resource
from domain.orders.facts import Item, OrderFacts

# `o` is the order. The newest of each: another attempt never touches what an earlier one did.
_HEAD = f"""{parts.row("o")}, 'actors', {ACTORS.format(row="o")}, 'money_minor', o.total_minor,
    'currency', o.currency, 'owner', o.placed_by, 'purchase', o.purchase, 'number', o.number,
    'tax_minor', o.tax_minor, 'tax_country', o.tax_country,
    'home_epoch', {parts.STANDING.format(organization="o.organization")},
    'counterparty_epoch', {parts.STANDING.format(organization="o.counterparty")}"""
_PARTS = {
    "items": """(select jsonb_agg(jsonb_build_array(i.id, i.quantity) order by i.ordinal) from order_items i
               where i.organization = o.organization and i.order_id = o.id)""",
    "reservations": f"""(select jsonb_agg({parts.RESERVATION}) from order_items i
                       join inventory_reservations r on r.organization = i.variant_home and r.line = i.id
                        and r.purchase = o.purchase
                      where i.organization = o.organization and i.order_id = o.id)""",
    "approvals": """(select jsonb_agg(q.id) from approval q
                   where q.organization = o.organization and q.order_id = o.id
                     and not exists (select from approval_answer w
                                      where w.organization = q.organization and w.id = q.id))""",
    "authorization": f"""(select {parts.AUTHORIZATION} from "authorization" a
                       where a.organization = o.organization and a.purchase = o.purchase
                       order by a.attempt desc limit 1)""",
    "capture": f"""(select {parts.CAPTURE} from capture c where c.organization = o.organization and c.order_id = o.id
                 order by c.created_at desc, c.id desc limit 1)""",
    "captures": "(select count(*) from capture c where c.organization = o.organization and c.order_id = o.id)",
    "shipment": f"""(select jsonb_build_object({parts.row("h")}) from shipment h
                  where h.organization = o.organization and h.order_id = o.id
                  order by h.created_at desc, h.id desc limit 1)""",
    "saga": f"""(select {parts.SAGA} from saga g
              where g.organization = o.organization and g.subject = o.id and g.kind = 'dispatch'
              order by g.created_at desc, g.id desc limit 1)""",
}
# What the rule of an action looks at beyond the order itself; an action that is not named here looks at everything.
_LOOKS_AT = {"order.approve": ("approvals",), "order.deliver": ("shipment",), "order.complete": ()}


def _order(names: Iterable[str]) -> str:
    pairs = [_HEAD, *(f"'{name}', {_PARTS[name]}" for name in names)]
    return f"jsonb_build_object({', '.join(pairs)})"


def _select(names: Iterable[str]) -> str:
    return f"""
select {_order(names)} as resource
  from orders o
 where s.org is not null and o.organization = k.home and o.id = k.id offset 0"""


ORDER = _order(_PARTS)


def order_from(found: Json) -> Resource[OrderFacts]:
    """The order with its detail; both sides' standing is proven with every change of it."""
    shipment = found.get("shipment")
    detail = OrderFacts(
        purchase=UUID(found["purchase"]),
        number=found["number"],
        tax_minor=found["tax_minor"],
        tax_country=found["tax_country"],
        items=tuple(Item(UUID(id), quantity) for id, quantity in found.get("items") or ()),
        reservations=parts.reservations_of(found.get("reservations")),
        approvals=tuple(UUID(id) for id in found.get("approvals") or ()),
        authorization=parts.authorization_of(found.get("authorization")),
        capture=parts.capture_of(found.get("capture")),
        captures=found.get("captures", 0),
        shipment=None if shipment is None else resource_of(shipment, "shipment"),
        saga=parts.saga_of(found.get("saga")),
    )
    return resource_of(
        found,
        "order",
        parents={"owner": UUID(found["owner"])},
        detail=detail,
        proofs=tuple(
            Proof("standing", found[f"{side}_epoch"], id=UUID(found[side])) for side in ("home", "counterparty")
        ),
    )


def _built(found: Json, command: Command) -> Resource[Any]:
    return order_from(found)


FACTS: dict[str, FactsQuery] = {
    "order": FactsQuery(_select(_PARTS), _built),
    **{action: FactsQuery(_select(names), _built) for action, names in _LOOKS_AT.items()},
}
