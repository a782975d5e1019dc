# METADATA
# title: Purchases
# description: Placing a purchase also says, order by order, whether somebody has to approve it first.
package policies.purchases

import data.policies.shared.verdict as verdicts

verdict(req) := obliged(verdicts.of(req, {}), req)

obliged(answer, req) := object.union(answer, {"obligations": [obligation(req, order) |
	some order in req.resource.parents.orders
]}) if {
	answer.allow == true
	req.action.name == "purchase.place"
} else := answer

# METADATA
# title: Small orders need no approval
# description: Below the amount of the runtime setting the marketplace approves by itself and names this rule.
# custom:
#   obligations:
#     auto_approval:
#       code: orders.auto_approve.below_threshold
#       message: The order is below the amount from which a service manager has to approve it.
#     approval:
#       code: orders.approve.from_threshold
#       message: The order reaches the amount from which a service manager has to approve it.
obligation(req, order) := {
	"kind": "auto_approval",
	"order": order.id,
	"reason": told("auto_approval"),
} if {
	order.currency == data.policies.matrix.limits.approval.currency
	order.total_minor < req.context.settings[data.policies.matrix.limits.approval.setting]
} else := {
	"kind": "approval",
	"order": order.id,
	"role": data.policies.matrix.limits.approval.role,
	"reason": told("approval"),
}

told(kind) := object.filter(data.policies.registry.obligations[kind], ["code", "message"])
