"""Carts and their lines."""

from __future__ import annotations

from enum import auto
from typing import Any

import strawberry

from db.carts import LINES
from domain.carts import model
from domain.command import Ref
from resolvers import carts, people
from resolvers.errors import RequestError
from schema.bind import Info, Words, described, field, listed, many, noticed, one, shows, taken
from schema.changes import Answer, Keyed, MaybeKeyed
from schema.loaders import load
from schema.names import OrganizationT, PersonT, PurchaseT, VariantT
from schema.scalars import CurrencyCode
from schema.shared import Address, Governed, Money, Node, PageInfo, texts
from schema.totals import LineTotals, Totals


@listed
class CartState(Words):
    """Life of a cart."""

    OPEN = auto()
    CHECKED_OUT = auto()
    ABANDONED = auto()


@listed
class CartIssueKind(Words):
    """What is wrong."""

    PRICE_CHANGED = auto()
    OUT_OF_STOCK = auto()
    NOT_PUBLISHED = auto()
    VENDOR_SUSPENDED = auto()
    PROMOTION_NOT_APPLICABLE = auto()
    ADDRESS_MISSING = auto()
    QUOTE_MISSING = auto()


async def _destination(root: model.Cart, info: Info) -> Any:
    entry = await load(info.context, carts.destinations_of, root)
    return None if entry is None else people.address(await load(info.context, texts, people.entry_address(entry)))


async def _totals(root: model.Cart, info: Info) -> Any:
    priced = await load(info.context, carts.priced_carts, root)
    if priced.totals is None:
        raise RequestError("NOT_PRICED", "Nobody can say what it costs before it is known where it goes.")
    return priced.totals


async def _issues(root: model.Cart, info: Info) -> Any:
    return (await load(info.context, carts.priced_carts, root)).issues


async def _line_totals(root: model.CartLine, info: Info) -> Any:
    priced = await load(info.context, carts.priced_carts_by_ref, Ref("cart", root.home, root.cart))
    return priced.lines[root.id]


@shows(model.CartLine)
class CartLine(Node):
    """A SKU, a quantity and what was chosen; at most 200 per cart."""

    variant: VariantT = one(carts.variant_of, semantic=False)
    quantity: int
    seen_price: Money = strawberry.field(description="What the buyer saw when the line was last changed.")
    totals: LineTotals = field(_line_totals)


@shows(carts.Issue)
class CartIssue:
    """A problem, and the line it is on."""

    kind: CartIssueKind
    line: CartLine | None = one(lambda _, root: root.line, optional=True)
    message: str


@shows(model.Cart)
class Cart(Governed):
    """What a buyer is about to order, from any number of vendors."""

    state: CartState
    buyer: OrganizationT = one(carts.buyer_of, semantic=False)
    owner: PersonT | None = one(carts.owner_of)
    currency: CurrencyCode
    lines: list[CartLine] = many(LINES)
    shipping_address: Address | None = field(_destination)
    billing_address: Address | None = field(_destination)
    totals: Totals | None = field(
        _totals,
        "Priced now, with an explanation per line; null with an error when no tax or shipping quote is fresh enough.",
        semantic=True,
    )
    edited_total: Money | None = strawberry.field(
        description="The total of the last edit of this cart; REST checkout without `expectedTotal` binds to it."
    )
    issues: list[CartIssue] = field(_issues, "Everything that would make `checkoutComplete` refuse.")
    purchase: PurchaseT | None = one(carts.purchase_of, optional=True)


@described
class CartEdge:
    """A cart on a page."""

    cursor: str
    node: Cart | None = noticed()


@described
class CartConnection:
    """A page of carts."""

    edges: list[CartEdge]
    page_info: PageInfo


@taken
class CartCreateInput(Keyed):
    """Input of `cartCreate`."""

    organization_id: strawberry.ID
    currency: CurrencyCode


@described
class CartCreatePayload(Answer):
    """Answer of `cartCreate`."""

    cart: Cart | None


@taken
class CartLineAddInput(Keyed):
    """Input of `cartLineAdd`."""

    cart_id: strawberry.ID | None = strawberry.field(
        description="Null: the viewer's open cart, opened when there is none.", default=strawberry.UNSET
    )
    sku: str
    quantity: int = 1
    expected_version: int | None = strawberry.UNSET


@described
class CartLineAddPayload(Answer):
    """Answer of `cartLineAdd`."""

    cart: Cart | None
    line: CartLine | None


@taken
class CartLineUpdateInput(MaybeKeyed):
    """Input of `cartLineUpdate`."""

    line_id: strawberry.ID
    quantity: int | None = strawberry.UNSET
    expected_version: int | None = strawberry.UNSET


@described
class CartLineUpdatePayload(Answer):
    """Answer of `cartLineUpdate`."""

    cart: Cart | None
    line: CartLine | None


@taken
class CartLineRemoveInput(MaybeKeyed):
    """Input of `cartLineRemove`."""

    line_id: strawberry.ID
    expected_version: int | None = strawberry.UNSET


@described
class CartLineRemovePayload(Answer):
    """Answer of `cartLineRemove`."""

    cart: Cart | None
    removed_line_id: strawberry.ID | None


@taken
class CartAbandonInput(Keyed):
    """Input of `cartAbandon`."""

    cart_id: strawberry.ID
    expected_version: int | None = strawberry.UNSET


@described
class CartAbandonPayload(Answer):
    """Answer of `cartAbandon`."""

    cart: Cart | None
