"""Orders: what belongs to them, and how their frozen amounts came about."""

from __future__ import annotations

from db import approvals, orders
from db.vault import Place
from domain.approvals.model import Approval
from domain.command import Ref
from domain.journal.model import Doer
from domain.orders.model import Order, OrderLine
from domain.page import Wanted
from domain.totals import LineTotals, PriceStep, RateQuote, Totals
from resolvers.context import Context
from resolvers.nodes import nodes, nowhere, organization
from resolvers.paging import Listing

_IDS = {"buyer_ids": ("organization",), "vendor_ids": ("vendor",), "purchase_ids": ("purchase",)}
ORDERS = Listing(orders.ALL, "placed_at", ids=_IDS)
OF_VENDOR = Listing(orders.OF_VENDOR, "placed_at", ids=_IDS)
APPROVALS = Listing(approvals.ALL, "requested_at")


def vendor_of(context: Context, order: Order) -> Ref:
    return Ref("vendor", order.counterparty, order.vendor)


def purchase_of(context: Context, order: Order) -> Ref:
    return Ref("purchase", order.home, order.purchase)


def payment_of(context: Context, order: Order) -> Ref:
    return Ref("payment", order.home, order.id)


def buyer_of(context: Context, order: Order) -> Ref | None:
    return organization(context, order.home)


def variant_of(context: Context, line: OrderLine) -> Ref:
    return Ref("variant", line.variant_home, line.variant)


def order_of_approval(context: Context, approval: Approval) -> Ref:
    return Ref("order", approval.home, approval.order)


def shipping_address(order: Order) -> Place:
    return order.home, order.purchase, "shipping_address"


def billing_address(order: Order) -> Place:
    return order.home, order.purchase, "billing_address"


def comment(approval: Approval) -> Place:
    return approval.home, approval.id, "comment"


def decided_by(context: Context, approval: Approval) -> Doer | None:
    """Only the platform answers approvals of orders."""
    if approval.decided_by is None:
        return None
    return Doer(person=approval.decided_by, organization=context.seer.platform, roles=(approval.role,))


def totals(order: Order) -> Totals:
    return Totals(
        subtotal=order.subtotal,
        discount=order.discount,
        tax=order.tax,
        shipping=order.shipping,
        handling=order.handling,
        total=order.total,
        tax_quote=RateQuote(provider="table", calculation_id=str(order.tax_calculation), as_of=order.placed_at),
        frozen_at=order.placed_at,
    )


def line_totals(line: OrderLine) -> LineTotals:
    return LineTotals(
        unit_price=line.unit_price,
        subtotal=line.subtotal,
        discount=line.discount,
        tax=line.tax,
        total=line.total,
        steps=(
            PriceStep(kind="list_price", label=f"{line.quantity} x {line.unit_price}", amount=line.subtotal),
            PriceStep(kind="tax", label="Tax", amount=line.tax, basis_points=line.tax_basis_points),
        ),
    )


async def order_by(context: Context, id: str | None, number: str | None) -> Order | None:
    """An order by either of its names; None where there is none that the viewer may know of."""
    if id is not None:
        (found,) = await nodes(context, [context.decode(id, "order") or nowhere()])
        return found if isinstance(found, Order) else None
    page = Wanted("placed_at", descending=True, first=1, after=None, filter={"exact_number": number})
    (one,) = await context.pages(orders.ALL, [context.seer_ref], page)
    return one.items[0] if one.items else None
