# The two rules that the product grew out of, word for word:
#
#   a `service_manager` may `approve_order` and `update_status` on an order
#   a `fulfillment_agent` may `dispatch_service` only where the status is `approved`
package policies.orders_original_rules_test

import data.policies.main

approve_order := ["order.approve"]

update_status := ["order.cancel", "order.complete"]

dispatch_service := ["order.dispatch"]

states := data.machines.nouns.order.states

may(role, action, status) if main.answer(json.patch(data.samples[sprintf("%s/%s", [action, role])], [
	{"op": "replace", "path": "/resource/state", "value": status},
	{"op": "replace", "path": "/subject/roles", "value": [role]},
])).allow == true

test_a_service_manager_may_approve_order_and_update_status_on_an_order if {
	every action in array.concat(approve_order, update_status) {
		some status in states
		may("service_manager", action, status)
	}
}

test_a_fulfillment_agent_may_dispatch_service_only_where_the_status_is_approved if {
	every action in dispatch_service {
		{status | some status in states; may("fulfillment_agent", action, status)} == {"approved"}
	}
}
