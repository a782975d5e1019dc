"""The catalog: services, variants, prices and stock."""

from __future__ import annotations

from collections.abc import Sequence

from db import inventory, services
from domain.command import Ref
from domain.inventory.model import Reservation, Stock
from domain.journal.model import Doer
from domain.page import MOST, Wanted
from domain.services.model import Price, Service, Variant
from resolvers.context import Context
from resolvers.errors import bad_request
from resolvers.paging import Listing

_IDS = {"vendor_ids": ("vendor",)}
SERVICES = Listing(services.ALL, "title", descending=False, ids=_IDS)
OF_VENDOR = Listing(services.OF_VENDOR, "title", descending=False, ids=_IDS)
PRICES = Listing(services.PRICES_OF_VARIANT, "valid_from")
RESERVATIONS = Listing(inventory.RESERVATIONS_OF_VARIANT, "expires_at", descending=False)


def vendor_of(context: Context, service: Service) -> Ref:
    return Ref("vendor", service.home, service.vendor)


def service_of(context: Context, variant: Variant) -> Ref:
    return Ref("service", variant.home, variant.service)


def variant_of(context: Context, reservation: Reservation) -> Ref:
    return Ref("variant", reservation.home, reservation.variant)


def purchase_of(context: Context, reservation: Reservation) -> Ref:
    return Ref("purchase", reservation.buyer, reservation.purchase)


def variant_of_stock(context: Context, stock: Stock) -> Ref:
    return Ref("variant", stock.home, stock.variant)


def changed_by(price: Price) -> Doer:
    roles = () if price.changed_by else ("system",)
    return Doer(person=price.changed_by, organization=price.home, roles=roles)


async def stocks_of(context: Context, variants: Sequence[Variant]) -> Sequence[Stock | None]:
    """None for slots and bundles."""
    found = await context.children(inventory.OF_VARIANT, variants)
    return [stocks[0] if stocks else None for stocks in found]


async def by_sku(context: Context, skus: Sequence[str]) -> Sequence[Variant | None]:
    """In the order of `skus`. Raises `RequestError` for more than a page of them."""
    if len(skus) > MOST:
        raise bad_request(f"At most {MOST} SKUs at once.")
    page = Wanted("sku", descending=False, first=MOST, after=None, filter={"skus": list(skus)})
    (found,) = await context.pages(services.VARIANTS_ALL, [context.seer_ref], page)
    known = {variant.sku: variant for variant in found.items}
    return [known.get(sku) for sku in skus]
