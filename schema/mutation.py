"""Changes: one line per business action, noun first; each asks for the action of the same name."""

from __future__ import annotations

import strawberry

from schema import access, carts, inventory, orders, people, purchases, services, timeline
from schema.changes import change


@strawberry.type(
    description="""Changes: one per business action, noun first. Mutation `orderApprove` asks policy for `order.approve`
and, committed, is told as `order.approved`. Every input has
`idempotencyKey`: 16 to 128 characters, chosen by the client before the first attempt and kept until an answer came, at
least 30 days (`replayed` is then true);
`expectedVersion`: the version the person saw, where the change hangs on it;
`dryRun`: ask policy, machine and input rules, write nothing, call no provider; nouns are answered as they are."""
)
class Mutation:
    note_add = change(timeline, "noteAdd", "Leave a note on an object.")
    organization_create = change(people, "organizationCreate", "Add an organization, or a unit of one.")
    person_invite = change(people, "personInvite", "Invite somebody to an organization; roles come with `grantIssue`.")
    grant_issue = change(access, "grantIssue", "Give a person a role. Apart from the grantee.")
    grant_revoke = change(access, "grantRevoke", "Take a role away; acknowledged means that no later change uses it.")
    session_switch = change(access, "sessionSwitch", "Act for another of one's organizations.")
    session_revoke = change(access, "sessionRevoke", "Sign a session out everywhere within a second.")
    service_create = change(services, "serviceCreate", "Start a catalog entry.")
    service_publish = change(services, "servicePublish", "Show it to buyers.")
    variant_create = change(services, "variantCreate", "Add something sellable.")
    price_change = change(
        services, "priceChange", "Set a new price from now or later; carts learn of it by PriceChanged."
    )
    stock_adjust = change(inventory, "stockAdjust", "Correct stock by a difference after counting, delivery or loss.")
    cart_create = change(carts, "cartCreate", "Open a cart.")
    cart_line_add = change(carts, "cartLineAdd", "Add units of a SKU; a line that exists grows.")
    cart_line_update = change(
        carts, "cartLineUpdate", "Set the quantity of a line; also accepts its current price. Absent fields stay."
    )
    cart_line_remove = change(carts, "cartLineRemove", "Remove a line.")
    cart_abandon = change(carts, "cartAbandon", "Throw a cart away.")
    checkout_complete = change(
        purchases,
        "checkoutComplete",
        "Order what is in the cart: hold all stock and slots or none, authorize payment, place one order per vendor."
        " A repeat with the same key joins the running purchase. The purchase may be `AWAITING_PROVIDER`.",
    )
    order_approve = change(orders, "orderApprove", "Approve an order so that it may be dispatched.")
    order_reject = change(orders, "orderReject", "Reject an order; stock and authorization are released.")
    order_cancel = change(orders, "orderCancel", "Cancel before dispatch; stock and authorization are released.")
    order_dispatch = change(
        orders,
        "orderDispatch",
        "Hand over to the carrier: captures the order's amount, then dispatches. A failed capture keeps `APPROVED`.",
    )
    order_deliver = change(orders, "orderDeliver", "Record that it arrived, with evidence.")
    order_complete = change(orders, "orderComplete", "Accept the delivery.")
