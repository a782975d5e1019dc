"""Reads: one field per list, and objects by id or by what people call them."""

from __future__ import annotations

import asyncio
from typing import Any

import strawberry

from db.settings import ALL as SETTINGS
from resolvers.access import GRANTS
from resolvers.context import Context
from resolvers.errors import bad_request, withheld
from resolvers.history import DECISIONS, JOURNAL, active_revision
from resolvers.nodes import nodes as load_nodes
from resolvers.nodes import nowhere
from resolvers.orders import ORDERS, order_by
from resolvers.payments import AUTHORIZATIONS
from resolvers.people import ORGANIZATIONS, PEOPLE
from resolvers.purchases import PURCHASES, SAGAS
from resolvers.services import SERVICES, by_sku
from resolvers.vendors import VENDORS
from schema.access import GrantConnection, GrantFilter
from schema.bind import Info, field, paged
from schema.decisions import DecisionConnection, DecisionFilter, DecisionSort, DecisionSortKey
from schema.journal import JournalEntryConnection, JournalFilter
from schema.kinds import SortDirection
from schema.loaders import load
from schema.orders import Order, OrderConnection, OrderFilter, OrderRef, OrderSort, OrderSortKey
from schema.payments import AuthorizationConnection, AuthorizationFilter
from schema.people import OrganizationConnection, OrganizationFilter, PersonConnection, PersonFilter
from schema.purchases import PurchaseConnection, PurchaseFilter
from schema.revisions import PolicyRevision
from schema.sagas import SagaConnection, SagaFilter
from schema.services import ServiceConnection, ServiceFilter, ServiceSort, ServiceSortKey, Variant
from schema.settings import RuntimeSetting
from schema.shared import Node
from schema.vendors import VendorConnection, VendorFilter, VendorSort, VendorSortKey
from schema.viewer import Viewer


def _seer(context: Context, _: Any) -> Any:
    return context.seer_ref


async def _node(root: Any, info: Info, id: strawberry.ID) -> Any:
    return (await _nodes(root, info, [id]))[0]


async def _nodes(root: Any, info: Info, ids: list[strawberry.ID]) -> Any:
    context = info.context
    if len(ids) > 100:
        raise bad_request("At most 100 ids at once.")
    _ = context.seer  # whoever is not signed in sees nothing, not even that an id does not decode
    refs = [context.decode(id) or nowhere() for id in ids]
    return await asyncio.gather(*(load(context, load_nodes, ref) for ref in refs))


async def _order(root: Any, info: Info, by: OrderRef) -> Any:
    id = None if by.id is strawberry.UNSET else by.id
    return await order_by(info.context, id, None if id is not None else by.number)


async def _variant(root: Any, info: Info, sku: str) -> Any:
    return (await by_sku(info.context, [sku]))[0]


async def _variants(root: Any, info: Info, skus: list[str]) -> Any:
    return await by_sku(info.context, skus)


async def _active_revision(root: Any, info: Info) -> Any:
    found = await active_revision(info.context)
    if found is None:
        raise withheld()
    return found


async def _settings(root: Any, info: Info) -> Any:
    context = info.context
    if context.blind(SETTINGS.source):
        raise withheld()
    return (await context.under(SETTINGS, [context.seer_ref]))[0]


def _viewer(root: Any, info: Info) -> Any:
    if info.context.viewer is None:
        return None
    return info.context.seer


@strawberry.type(
    description="Reads. A list holds only what the viewer may see; a whole list that policy withholds is null with an"
    " error at its path."
)
class Query:
    viewer: Viewer | None = field(_viewer, "Null when nobody is signed in.")
    node: Node | None = field(_node)
    nodes: list[Node | None] = field(_nodes, "In the order of `ids`; null where nothing is visible. At most 100.")
    people: PersonConnection | None = paged(PEOPLE, parent=_seer, filter=PersonFilter)
    organizations: OrganizationConnection | None = paged(ORGANIZATIONS, parent=_seer, filter=OrganizationFilter)
    grants: GrantConnection | None = paged(GRANTS, parent=_seer, filter=GrantFilter)
    vendors: VendorConnection | None = paged(
        VENDORS,
        parent=_seer,
        filter=VendorFilter,
        sort=VendorSort(by=VendorSortKey.NAME, direction=SortDirection.ASC),
    )
    services: ServiceConnection | None = paged(
        SERVICES,
        parent=_seer,
        filter=ServiceFilter,
        sort=ServiceSort(by=ServiceSortKey.TITLE, direction=SortDirection.ASC),
    )
    variant: Variant | None = field(_variant)
    variants: list[Variant | None] = field(_variants, "In the order of `skus`; at most 100.")
    purchases: PurchaseConnection | None = paged(PURCHASES, parent=_seer, filter=PurchaseFilter)
    order: Order | None = field(_order)
    orders: OrderConnection | None = paged(
        ORDERS, parent=_seer, filter=OrderFilter, sort=OrderSort(by=OrderSortKey.PLACED_AT)
    )
    authorizations: AuthorizationConnection | None = paged(AUTHORIZATIONS, parent=_seer, filter=AuthorizationFilter)
    active_policy_revision: PolicyRevision | None = field(_active_revision, semantic=True)
    decisions: DecisionConnection | None = paged(
        DECISIONS,
        parent=_seer,
        filter=DecisionFilter,
        sort=DecisionSort(by=DecisionSortKey.DECIDED_AT),
    )
    runtime_settings: list[RuntimeSetting] | None = field(_settings, semantic=True)
    sagas: SagaConnection | None = paged(SAGAS, parent=_seer, filter=SagaFilter)
    journal: JournalEntryConnection | None = paged(JOURNAL, parent=_seer, filter=JournalFilter)
