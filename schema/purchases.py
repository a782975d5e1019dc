"""Purchases."""

from __future__ import annotations

from enum import auto

import strawberry

from db.approvals import OF_PURCHASE as APPROVALS
from db.orders import OF_PURCHASE as ORDERS
from db.payments import OF_PURCHASE as AUTHORIZATIONS
from domain.purchases import model
from resolvers import nodes, purchases
from schema.bind import Words, computed, described, listed, many, noticed, one, shown, shows, taken
from schema.changes import Answer, Keyed
from schema.names import ApprovalT, AuthorizationT, CartT, OrderT, OrganizationT, PersonT, SagaStepT
from schema.refusals import Refusal
from schema.shared import AddressChoiceInput, DateTimeRange, Governed, Money, MoneyInput, PageInfo


@listed
class PurchaseState(Words):
    """Life of a purchase. `AWAITING_PROVIDER`: a provider did not answer, so nobody guesses, or none is available;
    stock stays held.
    """

    AUTHORIZING = auto()
    AWAITING_PROVIDER = auto()
    PLACED = auto()
    COMPENSATING = auto()
    FAILED = auto()


@taken
class PurchaseFilter:
    """Which purchases."""

    states: list[PurchaseState] | None = strawberry.UNSET
    buyer_ids: list[strawberry.ID] | None = strawberry.UNSET
    number: str | None = strawberry.UNSET
    created: DateTimeRange | None = strawberry.UNSET


@shows(model.Purchase)
class Purchase(Governed):
    """One checkout. It holds stock, authorizes payment, then becomes one order per vendor; nothing is charged before
    dispatch.
    """

    number: str
    state: PurchaseState
    buyer: OrganizationT = one(purchases.buyer_of, semantic=False)
    placed_by: PersonT | None = one(lambda context, root: nodes.person(context, root.placed_by))
    reference: str | None = strawberry.field(description="The buyer's own purchase order number.")
    total: Money
    orders: list[OrderT] = many(ORDERS, "One per vendor, for what is in stock.")
    approvals: list[ApprovalT] = many(APPROVALS)
    authorizations: list[AuthorizationT] | None = many(
        AUTHORIZATIONS,
        "Newest first; one per attempt, or one per order where the provider cannot capture in parts.",
        group="payment",
        semantic=True,
    )
    steps: list[SagaStepT] = computed(
        purchases.steps_of_purchases,
        "How far the checkout is; a crash resumes at the first step that is not done.",
    )
    failure: Refusal | None = shown(purchases.failure_of, "Why it failed, once it has.")


@described
class PurchaseEdge:
    """A purchase on a page."""

    cursor: str
    node: Purchase | None = noticed()


@described
class PurchaseConnection:
    """A page of purchases."""

    edges: list[PurchaseEdge]
    page_info: PageInfo


@taken
class CheckoutCompleteInput(Keyed):
    """Input of `checkoutComplete`."""

    cart_id: strawberry.ID
    expected_total: MoneyInput = strawberry.field(description="What the buyer saw and agrees to pay.")
    payment_method_token: str = strawberry.field(description="From the provider's form; single use.")
    shipping_address: AddressChoiceInput | None = strawberry.field(
        description="Null: the cart's.", default=strawberry.UNSET
    )
    billing_address: AddressChoiceInput | None = strawberry.field(
        description="Null: the shipping address.", default=strawberry.UNSET
    )
    reference: str | None = strawberry.field(
        description="The buyer's own purchase order number.", default=strawberry.UNSET
    )
    expected_version: int | None = strawberry.UNSET


@described
class CheckoutCompletePayload(Answer):
    """Answer of `checkoutComplete`."""

    purchase: Purchase | None
    cart: CartT | None
