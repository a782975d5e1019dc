"""Vendors, and the organizations behind them."""

from __future__ import annotations

from collections.abc import Sequence

from db import vendors
from domain.command import Ref
from domain.people.model import Organization
from domain.vendors.model import Vendor
from resolvers.context import Context
from resolvers.nodes import organization
from resolvers.paging import Listing

VENDORS = Listing(vendors.ALL, "name", descending=False)


def organization_of(context: Context, vendor: Vendor) -> Ref | None:
    return organization(context, vendor.home)


async def vendors_of(context: Context, organizations: Sequence[Organization]) -> Sequence[Vendor | None]:
    """The vendor that each organization runs; None for buyers and the platform."""
    found = await context.children(vendors.OF_ORGANIZATION, organizations)
    return [mine[0] if mine else None for mine in found]
