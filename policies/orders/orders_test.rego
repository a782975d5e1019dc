package policies.orders_test

import data.policies.shared.asked

somebody := "00000000-0000-0000-0000-0000000000a2"

test_nobody_approves_what_they_bought if {
	changes := [asked.put("/resource/actors/order.place", [data.samples["order.approve"].subject.person])]
	asked.failed("order.approve", changes) == ["separation"]
	asked.code("order.approve", changes) == "orders.approve.not_own"
	asked.failed("order.reject", changes) == ["separation"]
}

test_a_buyer_cannot_approve_and_learns_every_reason if {
	changes := [
		asked.put("/subject/roles", ["buyer"]),
		asked.put("/subject/organization_kind", "buyer"),
		asked.put("/subject/organization", data.samples["order.approve"].resource.organizations.home),
		asked.put("/resource/actors/order.place", [data.samples["order.approve"].subject.person]),
	]
	asked.failed("order.approve", changes) == ["role", "separation"]
	asked.code("order.approve", changes) == "orders.approve.role"
}

test_an_entitled_agent_before_approval_fails_by_state_alone if {
	asked.failed("order.dispatch/fulfillment_agent", [asked.put("/resource/state", "placed")]) == ["state"]
}

test_who_approved_does_not_dispatch_nor_lets_it_be_dispatched if {
	person := data.samples["order.dispatch/fulfillment_agent"].subject.person
	asked.failed("order.dispatch/fulfillment_agent", [asked.put("/resource/actors/order.approve", [person])]) == ["separation"]
	behalf := data.samples["order.dispatch/system"].subject.on_behalf_of.person
	asked.failed("order.dispatch/system", [asked.put("/resource/actors/order.approve", [behalf])]) == ["separation"]
}

test_the_system_dispatches_only_for_somebody_of_the_vendor if {
	asked.failed("order.dispatch/system", [asked.put("/subject/on_behalf_of", null)]) == ["role", "separation"]
	asked.failed("order.dispatch/system", [asked.put("/subject/on_behalf_of/organization", somebody)]) == ["role"]
}

test_only_the_placing_buyer_cancels if {
	asked.failed("order.cancel/buyer", [asked.put("/resource/parents/owner", somebody)]) == ["role"]
}

test_a_role_counts_only_in_its_kind_of_organization if {
	asked.failed("order.approve", [asked.put("/subject/organization_kind", "vendor")]) == ["tenancy", "role"]
}

test_of_several_roles_the_first_is_relied_on if {
	asked.answer("order.cancel/service_manager", [asked.put("/subject/roles", ["operator", "service_manager", "finance"])]).role == "service_manager"
}

test_what_is_not_on_its_way_does_not_arrive if {
	asked.failed("order.deliver", [asked.put("/resource/state", "approved")]) == ["state"]
	asked.failed("order.deliver", [asked.put("/subject/roles", ["vendor_manager"])]) == ["role"]
}

test_a_capture_is_never_the_buyers_doing if asked.failed("order.auto_capture", [asked.put("/subject/on_behalf_of/organization", data.samples["order.auto_capture"].resource.organizations.home)]) == ["role"]
