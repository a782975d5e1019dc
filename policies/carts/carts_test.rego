package policies.carts_test

import data.policies.shared.asked

somebody := "00000000-0000-0000-0000-0000000000a2"

test_a_cart_is_its_buyers_own if {
	every action in ["cart_line.add", "cart_line.update", "cart_line.remove", "cart.abandon"] {
		asked.failed(action, [asked.put("/resource/parents/owner", somebody)]) == ["role"]
		asked.answer(action, [asked.put("/resource/parents/owner", somebody)]).visible == false
	}
}

test_a_cart_expires_by_itself_and_for_nobody if {
	asked.answer("cart.expire", []).role == "system"
	behalf := {"person": somebody, "organization": somebody, "decision": somebody}
	asked.failed("cart.expire", [asked.put("/subject/on_behalf_of", behalf)]) == ["role"]
}

test_a_cart_is_opened_where_one_buys if {
	elsewhere := asked.put("/subject/organization", somebody)
	asked.failed("cart.create", [elsewhere]) == ["tenancy", "role"]
	asked.failed("cart.create", [asked.put("/subject/roles", ["finance"])]) == ["role"]
}
