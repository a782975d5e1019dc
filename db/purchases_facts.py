"""What a purchase is judged by when its saga moves it: its cart, its hold, its authorization, its orders to be."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from db import parts
from db.facts import ACTORS, FactsQuery, Json, resource_of
from domain.change import Proof
from domain.command import Command
from domain.facts import Resource
from domain.purchases.facts import PurchaseFacts

# `p` is the purchase. Reservations live with the vendors and are seen by their other side.
PURCHASE = f"""jsonb_build_object({parts.row("p")}, 'actors', {ACTORS.format(row="p")}, 'money_minor', p.total_minor,
    'currency', p.currency, 'owner', p.placed_by, 'number', p.number, 'failure', p.failure,
    'home_epoch', {parts.STANDING.format(organization="p.organization")},
    'cart', (select jsonb_build_object({parts.row("c")}) from cart c
              where c.organization = p.organization and c.id = p.cart),
    'authorization', (select {parts.AUTHORIZATION} from "authorization" a
                       where a.organization = p.organization and a.purchase = p.id
                       order by a.attempt desc limit 1),
    'reservations', (select jsonb_agg({parts.RESERVATION}) from inventory_reservations r where r.purchase = p.id),
    'expires_at', coalesce((select min(r.expires_at) from inventory_reservations r where r.purchase = p.id),
                           p.created_at),
    'saga', (select {parts.SAGA} from saga g
              where g.organization = p.organization and g.subject = p.id and g.kind = 'checkout'
              order by g.created_at desc, g.id desc limit 1))"""

# The vendors' standing as it is now, for those whose goods are held.
_STANDINGS = f"""(select jsonb_object_agg(h.home, {parts.STANDING.format(organization="h.home")})
    from (select distinct r.organization as home from inventory_reservations r where r.purchase = p.id) h)"""

_PURCHASE = f"""
select {PURCHASE} || jsonb_build_object('standings', {_STANDINGS}) as resource
  from purchase p
 where s.org is not null and p.organization = k.home and p.id = k.id offset 0"""


def purchase_from(found: Json, command: Command) -> Resource[PurchaseFacts]:
    """The purchase with its detail; placing it is judged by each order that it would become."""
    saga = parts.saga_of(found["saga"])
    authorization = parts.authorization_of(found["authorization"])
    if authorization is None:
        raise ValueError("a purchase is made together with its authorization")
    parents: dict[str, Any] = {"owner": UUID(found["owner"])}
    if command.action == "purchase.place":
        parents["orders"] = (
            [_order_to_be(order) for order in saga.detail.data["orders"]] if saga and saga.detail else []
        )
    standings = found.get("standings") or {}
    detail = PurchaseFacts(
        number=found["number"],
        placed_by=UUID(found["owner"]),
        cart=resource_of(found["cart"], "cart"),
        authorization=authorization,
        reservations=parts.reservations_of(found["reservations"]),
        expires_at=datetime.fromisoformat(found["expires_at"]),
        failure=found["failure"],
        saga=saga,
    )
    return resource_of(
        found,
        "purchase",
        parents=parents,
        detail=detail,
        proofs=tuple(Proof("standing", epoch, id=UUID(home)) for home, epoch in sorted(standings.items())),
    )


def _order_to_be(order: Json) -> dict[str, Any]:
    return {
        "id": order["order"],
        "vendor": order["vendor"],
        "counterparty": order["vendor_home"],
        "total_minor": order["total_minor"],
        "currency": order["currency"],
    }


FACTS: dict[str, FactsQuery] = {"purchase": FactsQuery(_PURCHASE, purchase_from)}
