# METADATA
# title: Checkout
# description: From a cart to a purchase, all of it or nothing.
# custom:
#   words:
#     role:
#       checkout.complete: {code: checkout.role, message: Only the buyer who opened this cart may check it out., remedy: The buyer who opened it may check it out.}
package policies.checkout

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {"vendors_active": vendors_active(req)})

# METADATA
# title: Every vendor sells
# description: Each vendor whose goods are in the cart is active. Of an empty cart the input rules tell.
# custom:
#   code: checkout.vendors_active
#   check: vendors_active
#   message: A vendor in this cart does not sell at the moment.
#   remedy: Remove that vendor's lines or wait until the vendor is active again.
#   controls: ["SOC2 CC9.2"]
default vendors_active(_) := false

vendors_active(req) if {
	is_array(req.resource.parents.vendors)
	every vendor in req.resource.parents.vendors { vendor.state == "active" }
}
