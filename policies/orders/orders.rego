# METADATA
# title: Orders
# description: The cells of matrix/orders.yaml and the machine's separation of duties decide; here are only the words.
# custom:
#   words:
#     role:
#       order.approve:
#         code: orders.approve.role
#         message: Only a service manager of the platform may approve an order.
#         remedy: A service manager may approve it.
#       order.reject:
#         code: orders.reject.role
#         message: Only a service manager of the platform may reject an order.
#         remedy: A service manager may reject it.
#       order.cancel:
#         code: orders.cancel.role
#         message: Only the buyer who placed an order, or a service manager, may cancel it.
#         remedy: The buyer who placed it may cancel it, or a service manager.
#       order.dispatch:
#         code: orders.dispatch.role
#         message: Only a fulfillment agent of the vendor may dispatch an order.
#         remedy: A fulfillment agent of the vendor may dispatch it.
#       order.deliver:
#         code: orders.deliver.role
#         message: Only a fulfillment agent of the vendor may record a delivery.
#         remedy: A fulfillment agent of the vendor may record it.
#       order.complete:
#         code: orders.complete.role
#         message: Only a buyer of the ordering organization, or a service manager, may complete an order.
#         remedy: A buyer of the ordering organization may complete it, or a service manager.
#     separation:
#       order.approve:
#         code: orders.approve.not_own
#         message: You placed this order (or it was placed for you), so somebody else must approve it.
#         remedy: Another service manager may approve it.
#       order.reject:
#         code: orders.reject.not_own
#         message: You placed this order (or it was placed for you), so somebody else must reject it; you may cancel it.
#         remedy: Another service manager may reject it.
#       order.dispatch:
#         code: orders.dispatch.not_approver
#         message: You approved this order, so somebody else must dispatch it.
#         remedy: Another fulfillment agent of the vendor may dispatch it.
#     state:
#       order.dispatch:
#         code: orders.dispatch.not_approved
#         message: An order can be dispatched only once it is approved, and only once.
#         remedy: While it waits, a service manager has to approve it first.
package policies.orders

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
