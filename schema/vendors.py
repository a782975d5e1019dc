"""Vendors."""

from __future__ import annotations

from enum import auto

import strawberry

from domain.vendors import model
from resolvers.orders import OF_VENDOR as ORDERS
from resolvers.services import OF_VENDOR as SERVICES
from resolvers.vendors import organization_of
from schema.bind import Words, described, listed, noticed, one, paged, shows, taken
from schema.kinds import SortDirection
from schema.names import OrderConnectionT, OrganizationT, ServiceConnectionT
from schema.orders import OrderFilter, OrderSort, OrderSortKey
from schema.services import ServiceFilter, ServiceSort, ServiceSortKey
from schema.shared import Governed, PageInfo, counted


@listed
class VendorState(Words):
    """Life of a vendor."""

    APPLIED = auto()
    VERIFIED = auto()
    ACTIVE = auto()
    SUSPENDED = auto()
    CLOSED = auto()


@listed
class VendorSortKey(Words):
    """What vendors are sorted by."""

    NAME = auto()
    CREATED_AT = auto()
    TRUST_SCORE = auto()


@taken
class VendorFilter:
    """Which vendors."""

    text: str | None = strawberry.UNSET
    states: list[VendorState] | None = strawberry.UNSET


@taken
class VendorSort:
    """How vendors are sorted."""

    by: VendorSortKey
    direction: SortDirection = SortDirection.DESC


@shows(model.Vendor)
class Vendor(Governed):
    """A selling organization on the marketplace."""

    name: str
    state: VendorState
    organization: OrganizationT = one(organization_of, semantic=False)
    services: ServiceConnectionT = paged(
        SERVICES,
        filter=ServiceFilter,
        sort=ServiceSort(by=ServiceSortKey.TITLE, direction=SortDirection.ASC),
        semantic=False,
    )
    orders: OrderConnectionT | None = paged(ORDERS, filter=OrderFilter, sort=OrderSort(by=OrderSortKey.PLACED_AT))


@described
class VendorEdge:
    """A vendor on a page."""

    cursor: str
    node: Vendor | None = noticed()


@described
class VendorConnection:
    """A page of vendors, counted up to 10,000, then null."""

    edges: list[VendorEdge]
    page_info: PageInfo
    total_count: int | None = counted()
