# METADATA
# title: Services, variants and prices
# description: A vendor's own people keep its catalog; only an active vendor puts something on sale.
# custom:
#   words:
#     role:
#       service.create: {code: services.create.role, message: Only a vendor manager may add to their own vendor's catalog., remedy: A manager of that vendor may do it.}
#       service.publish: {code: services.publish.role, message: Only a manager of the vendor may publish a service., remedy: A manager of that vendor may do it.}
#       variant.create: {code: services.variant.role, message: Only a manager of the vendor may add a variant., remedy: A manager of that vendor may do it.}
#       price.change: {code: services.price.role, message: Only a manager of the vendor may change a price., remedy: A manager of that vendor may do it.}
package policies.services

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, own(req))

own(req) := {"vendor_active": standing(req)} if req.resource.type == "service"

own(req) := {} if req.resource.type == "variant"

# METADATA
# title: The vendor may trade
# description: An active vendor may publish; one that is still being verified may prepare its catalog.
# custom:
#   code: services.vendor_active
#   check: vendor_active
#   message: The vendor is not active, so this cannot be done for it now.
#   remedy: The platform's service managers activate vendors.
#   controls: ["SOC2 CC9.2"]
default standing(_) := false

standing(req) if req.resource.parents.vendor.state == "active"

standing(req) if {
	req.action.name == "service.create"
	req.resource.parents.vendor.state in {"applied", "verified"}
}
