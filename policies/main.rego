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

verdict(req) := by_noun(req.resource.type, req)

# The kind of object is a constant of each head, so that one rule is looked at.
by_noun("order", req) := orders.verdict(req)

by_noun("cart", req) := checkout.verdict(req) if req.action.name == "checkout.complete"

by_noun("cart", req) := carts.verdict(req) if req.action.name != "checkout.complete"

by_noun("purchase", req) := purchases.verdict(req)

by_noun("grant", req) := access.verdict(req)

by_noun("session", req) := access.verdict(req)

by_noun("organization", req) := people.verdict(req)

by_noun("person", req) := people.verdict(req)

by_noun("service", req) := services.verdict(req)

by_noun("variant", req) := services.verdict(req)

by_noun("stock", req) := inventory.verdict(req)

by_noun("reservation", req) := inventory.verdict(req)

by_noun("vendor", req) := vendors.verdict(req)

by_noun("shipment", req) := fulfillment.verdict(req)

by_noun("authorization", req) := payments.verdict(req)

by_noun("capture", req) := payments.verdict(req)

by_noun("saga", req) := sagas.verdict(req)

by_noun("note", req) := timeline.verdict(req)

by_noun("policy_revision", req) := revisions.verdict(req)

by_noun("runtime_setting", req) := settings.verdict(req)
