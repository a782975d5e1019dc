# METADATA
# title: Carts
# description: A cart is its buyer's own. What becomes of it at checkout is in policies/checkout.
# custom:
#   words:
#     role:
#       cart.create: {code: carts.create.role, message: Only a buyer may open a cart for this organization., remedy: A buyer of the organization may open one.}
#       cart_line.add: {code: carts.line_add.role, message: Only the buyer who opened this cart may fill it., remedy: Open a cart of your own.}
#       cart_line.update: {code: carts.line_update.role, message: Only the buyer who opened this cart may change it., remedy: Open a cart of your own.}
#       cart_line.remove: {code: carts.line_remove.role, message: Only the buyer who opened this cart may change it., remedy: Open a cart of your own.}
#       cart.abandon: {code: carts.abandon.role, message: Only the buyer who opened this cart may abandon it., remedy: The buyer who opened it may abandon it.}
package policies.carts

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
