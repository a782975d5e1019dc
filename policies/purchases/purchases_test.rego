package policies.purchases_test

import data.policies.shared.asked

kinds(changes) := [one.kind | some one in asked.answer("purchase.place", changes).obligations]

test_each_order_is_approved_by_its_own_amount if kinds([]) == ["auto_approval", "approval"]

test_the_obligation_names_order_role_and_reason if {
	asked.answer("purchase.place", []).obligations[1] == {
		"kind": "approval",
		"order": data.samples["purchase.place"].resource.parents.orders[1].id,
		"role": "service_manager",
		"reason": {
			"code": "orders.approve.from_threshold",
			"message": "The order reaches the amount from which a service manager has to approve it.",
		},
	}
	asked.answer("purchase.place", []).obligations[0].reason.code == "orders.auto_approve.below_threshold"
}

test_an_amount_in_another_currency_is_always_looked_at if {
	kinds([asked.put("/resource/parents/orders/0/currency", "JPY")]) == ["approval", "approval"]
}

test_a_denied_purchase_obliges_to_nothing if {
	kinds([asked.put("/subject/on_behalf_of", null)]) == []
}

test_a_purchase_that_begins_obliges_to_nothing if {
	asked.answer("purchase.begin", []).obligations == []
}

test_an_order_is_approved_by_itself_only_with_its_obligation if {
	effect := {"noun": "order", "id": "o", "action": "order.auto_approve", "if_obliged": "auto_approval"}
	asked.failed("purchase.place", [{"op": "add", "path": "/resource/effects/-", "value": effect}]) == []
	sure := object.union(effect, {"if_obliged": null})
	asked.failed("purchase.place", [{"op": "add", "path": "/resource/effects/-", "value": sure}]) == ["effects"]
}
