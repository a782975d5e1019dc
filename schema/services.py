"""The catalog: services, variants and prices."""

from __future__ import annotations

from enum import auto

import strawberry

from db.services import VARIANTS_OF_SERVICE
from domain.services import model
from resolvers import services
from schema.bind import Words, computed, described, listed, many, noticed, one, paged, shown, shows, taken, told
from schema.changes import Answer, Keyed
from schema.kinds import SortDirection
from schema.names import StockT, VendorT
from schema.scalars import DateTime, Duration
from schema.shared import Actor, Governed, Money, MoneyInput, Node, PageInfo


@listed
class ServiceState(Words):
    """Life of a catalog entry."""

    DRAFT = auto()
    PUBLISHED = auto()
    RETIRED = auto()


@listed
class ServiceKind(Words):
    """How it is delivered."""

    STOCK = strawberry.enum_value("stock", description="Counted in stock and dispatched.")
    SLOT = strawberry.enum_value("slot", description="Takes a slot on the vendor's calendar.")
    BUNDLE = strawberry.enum_value(
        "bundle", description="Variants of one vendor, priced as a unit and exploded into lines."
    )


@listed
class ServiceSortKey(Words):
    """What services are sorted by."""

    TITLE = auto()
    CREATED_AT = auto()
    PRICE = auto()
    TRUST_SCORE = auto()


@taken
class ServiceFilter:
    """Which services."""

    text: str | None = strawberry.UNSET
    states: list[ServiceState] | None = strawberry.UNSET
    kinds: list[ServiceKind] | None = strawberry.UNSET
    vendor_ids: list[strawberry.ID] | None = strawberry.UNSET
    categories: list[str] | None = strawberry.UNSET
    in_stock: bool | None = strawberry.UNSET


@taken
class ServiceSort:
    """How services are sorted."""

    by: ServiceSortKey
    direction: SortDirection = SortDirection.DESC


@shows(model.Service)
class Service(Governed):
    """An entry in the catalog; what is sold is one of its variants."""

    title: str
    description: str
    state: ServiceState
    kind: ServiceKind
    vendor: VendorT = one(services.vendor_of, semantic=False)
    category: str
    variants: list[Variant] = many(VARIANTS_OF_SERVICE)


@described
class ServiceEdge:
    """A service on a page."""

    cursor: str
    node: Service | None = noticed()


@described
class ServiceConnection:
    """A page of services."""

    edges: list[ServiceEdge]
    page_info: PageInfo


@shows(model.Variant)
class Variant(Governed):
    """Something with a SKU, a price and stock or slots."""

    sku: str = strawberry.field(description="Unique on the marketplace; carts and REST use it.")
    title: str
    service: Service = one(services.service_of, semantic=False)
    price: Money = strawberry.field(description="The price now.")
    prices: PriceConnection | None = paged(services.PRICES, group="prices")
    stock: StockT | None = computed(services.stocks_of, "Null for slots and bundles.")
    duration: Duration | None = told("duration_s", "How long one appointment takes; null unless it is a slot.")


@shows(model.Price)
class Price(Node):
    """A price and since when it counts; past prices never change."""

    amount: Money
    valid_from: DateTime
    valid_until: DateTime | None
    changed_by: Actor | None = shown(services.changed_by, semantic=True)
    reason: str | None


@described
class PriceEdge:
    """A price on a page."""

    cursor: str
    node: Price | None = noticed()


@described
class PriceConnection:
    """A page of prices."""

    edges: list[PriceEdge]
    page_info: PageInfo


@taken
class ServiceCreateInput(Keyed):
    """Input of `serviceCreate`."""

    vendor_id: strawberry.ID
    kind: ServiceKind
    title: str
    description: str
    category: str


@described
class ServiceCreatePayload(Answer):
    """Answer of `serviceCreate`."""

    service: Service | None


@taken
class ServicePublishInput(Keyed):
    """Input of `servicePublish`."""

    service_id: strawberry.ID
    expected_version: int


@described
class ServicePublishPayload(Answer):
    """Answer of `servicePublish`."""

    service: Service | None


@taken
class VariantCreateInput(Keyed):
    """Input of `variantCreate`."""

    service_id: strawberry.ID
    sku: str
    title: str
    price: MoneyInput
    duration: Duration | None = strawberry.UNSET


@described
class VariantCreatePayload(Answer):
    """Answer of `variantCreate`."""

    variant: Variant | None


@taken
class PriceChangeInput(Keyed):
    """Input of `priceChange`."""

    variant_id: strawberry.ID
    amount: MoneyInput
    valid_from: DateTime | None = strawberry.field(description="Null: now.", default=strawberry.UNSET)
    reason: str | None = strawberry.UNSET
    expected_version: int


@described
class PriceChangePayload(Answer):
    """Answer of `priceChange`."""

    price: Price | None
    variant: Variant | None
