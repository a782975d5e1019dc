"""Orders and their lines."""

from __future__ import annotations

from enum import auto

import strawberry

from db.approvals import OF_ORDER as APPROVALS
from db.fulfillment import OF_ORDER as SHIPMENTS
from db.orders import LINES
from domain.orders import model
from resolvers import history, orders
from schema.bind import Words, computed, described, listed, many, noticed, one, shown, shows, taken
from schema.changes import Answer, Keyed
from schema.fulfillment import ShipmentLineInput
from schema.kinds import SortDirection
from schema.names import ApprovalT, OrganizationT, PaymentT, PurchaseT, ShipmentT, VariantT, VendorT
from schema.people import address_at
from schema.scalars import DateTime, Url
from schema.shared import Address, DateTimeRange, Governed, Node, PageInfo, TransitionActor, counted
from schema.totals import LineTotals, Totals


@listed
class OrderState(Words):
    """Life of an order. A partial refund keeps `COMPLETED`."""

    PLACED = auto()
    APPROVED = auto()
    REJECTED = auto()
    CANCELLED = auto()
    DISPATCHED = auto()
    DELIVERED = auto()
    COMPLETED = auto()
    DISPUTED = auto()
    RESOLVED = auto()
    REFUNDED = auto()


@listed
class OrderSortKey(Words):
    """What orders are sorted by."""

    PLACED_AT = auto()
    UPDATED_AT = auto()
    TOTAL = auto()
    NEXT_DEADLINE = auto()


@taken
class OrderFilter:
    """Which orders. Fields are combined with and, values of one field with or."""

    states: list[OrderState] | None = strawberry.UNSET
    buyer_ids: list[strawberry.ID] | None = strawberry.UNSET
    vendor_ids: list[strawberry.ID] | None = strawberry.UNSET
    purchase_ids: list[strawberry.ID] | None = strawberry.UNSET
    number: str | None = strawberry.field(description="Starts with.", default=strawberry.UNSET)
    placed: DateTimeRange | None = strawberry.UNSET


@taken
class OrderSort:
    """How orders are sorted."""

    by: OrderSortKey
    direction: SortDirection = SortDirection.DESC


@strawberry.input(one_of=True, description="An order by either of its names: exactly one.")
class OrderRef:
    id: strawberry.ID | None = strawberry.UNSET
    number: str | None = strawberry.UNSET


@shows(model.Order)
class Order(Governed):
    """One vendor's part of a purchase. Its amounts are frozen at placement."""

    number: str = strawberry.field(description="What people say on the phone, `ACME-1042-2`.")
    state: OrderState
    purchase: PurchaseT | None = one(orders.purchase_of, group="purchase")
    buyer: OrganizationT | None = one(orders.buyer_of)
    vendor: VendorT | None = one(orders.vendor_of)
    lines: list[OrderLine] = many(LINES)
    totals: Totals | None = shown(orders.totals, semantic=True)
    shipping_address: Address | None = address_at(orders.shipping_address, group="address", semantic=True)
    billing_address: Address | None = address_at(orders.billing_address, group="address", semantic=True)
    actors: list[TransitionActor] = computed(history.transitions_of, "Who made which transition so far.")
    approvals: list[ApprovalT] = many(APPROVALS)
    shipments: list[ShipmentT] = many(SHIPMENTS)
    payment: PaymentT | None = one(orders.payment_of, group="payment")
    placed_at: DateTime


@described
class OrderEdge:
    """An order on a page."""

    cursor: str
    node: Order | None = noticed()


@described
class OrderConnection:
    """A page of orders, counted up to 10,000, then null."""

    edges: list[OrderEdge]
    page_info: PageInfo
    total_count: int | None = counted()


@shows(model.OrderLine)
class OrderLine(Node):
    """A frozen line: later catalog changes do not touch it."""

    sku: str
    title: str
    variant: VariantT | None = one(orders.variant_of, optional=True)
    quantity: int
    totals: LineTotals | None = shown(orders.line_totals, semantic=True)


@taken
class OrderApproveInput(Keyed):
    """Input of `orderApprove`."""

    order_id: strawberry.ID
    comment: str | None = strawberry.UNSET
    expected_version: int


@described
class OrderApprovePayload(Answer):
    """Answer of `orderApprove`."""

    order: Order | None


@taken
class OrderRejectInput(Keyed):
    """Input of `orderReject`."""

    order_id: strawberry.ID
    reason: str
    expected_version: int


@described
class OrderRejectPayload(Answer):
    """Answer of `orderReject`."""

    order: Order | None


@taken
class OrderCancelInput(Keyed):
    """Input of `orderCancel`."""

    order_id: strawberry.ID
    reason: str
    expected_version: int


@described
class OrderCancelPayload(Answer):
    """Answer of `orderCancel`."""

    order: Order | None


@taken
class OrderDispatchInput(Keyed):
    """Input of `orderDispatch`."""

    order_id: strawberry.ID
    lines: list[ShipmentLineInput] | None = strawberry.field(description="Null: all lines.", default=strawberry.UNSET)
    carrier: str | None = strawberry.UNSET
    tracking_number: str | None = strawberry.UNSET
    tracking_url: Url | None = strawberry.UNSET
    expected_version: int


@described
class OrderDispatchPayload(Answer):
    """Answer of `orderDispatch`."""

    order: Order | None
    shipment: ShipmentT | None


@taken
class OrderDeliverInput(Keyed):
    """Input of `orderDeliver`."""

    order_id: strawberry.ID
    delivered_at: DateTime | None = strawberry.UNSET
    evidence: str
    expected_version: int


@described
class OrderDeliverPayload(Answer):
    """Answer of `orderDeliver`."""

    order: Order | None


@taken
class OrderCompleteInput(Keyed):
    """Input of `orderComplete`."""

    order_id: strawberry.ID
    expected_version: int


@described
class OrderCompletePayload(Answer):
    """Answer of `orderComplete`."""

    order: Order | None
