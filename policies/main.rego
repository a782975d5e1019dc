# METADATA
# title: The only entry points
# description: >-
#   `decide` answers one question, `batch` many, `visible` whether an object exists for somebody.
#   `input` is read here and nowhere else; every rule below takes the question as its argument.
package policies.main

import data.policies.access
import data.policies.carts
import data.policies.checkout
import data.policies.fulfillment
import data.policies.inventory
import data.policies.orders
import data.policies.payments
import data.policies.people
import data.policies.purchases
import data.policies.revisions
import data.policies.sagas
import data.policies.services
import data.policies.settings
import data.policies.shared.reach
import data.policies.timeline
import data.policies.vendors

# METADATA
# title: One question
# schemas:
#   - input: schema.decide
decide := answer(input)

# METADATA
# title: Many questions, each by a name that the answer repeats
# schemas:
#   - input: schema.batch
batch := {key: answer(question) | some key, question in input.batch}

# METADATA
# title: Whether the object exists for the subject
# schemas:
#   - input: schema.decide
default visible := false

visible if reach.visible(input)

answer(req) := object.union(verdict(req), {"decision_id": echo(req)})

# The engine correlates nothing itself: who asked compares this.
default echo(_) := ""

echo(req) := req.context.decision_id

default verdict(_) := {
	"allow": false,
	"visible": false,
	"role": null,
	"reasons": [{
		"code": "policy.unknown_object",
		"check": "known",
		"rule": "policies/main.rego",
		"message": "The active policy does not know this kind of object.",
		"remedy": "A newer policy revision has to be activated first.",
		"controls": [],
	}],
	"failed": ["known"],
	"obligations": [],
	"contract": 1,
}

verdict(req) := orders.verdict(req) if req.resource.type == "order"

verdict(req) := checkout.verdict(req) if {
	req.resource.type == "cart"
	req.action.name == "checkout.complete"
}

verdict(req) := carts.verdict(req) if {
	req.resource.type == "cart"
	req.action.name != "checkout.complete"
}

verdict(req) := purchases.verdict(req) if req.resource.type == "purchase"

verdict(req) := access.verdict(req) if req.resource.type in {"grant", "session"}

verdict(req) := people.verdict(req) if req.resource.type in {"organization", "person"}

verdict(req) := services.verdict(req) if req.resource.type in {"service", "variant"}

verdict(req) := inventory.verdict(req) if req.resource.type in {"stock", "reservation"}

verdict(req) := vendors.verdict(req) if req.resource.type == "vendor"

verdict(req) := fulfillment.verdict(req) if req.resource.type == "shipment"

verdict(req) := payments.verdict(req) if req.resource.type in {"authorization", "capture"}

verdict(req) := sagas.verdict(req) if req.resource.type == "saga"

verdict(req) := timeline.verdict(req) if req.resource.type == "note"

verdict(req) := revisions.verdict(req) if req.resource.type == "policy_revision"

verdict(req) := settings.verdict(req) if req.resource.type == "runtime_setting"
