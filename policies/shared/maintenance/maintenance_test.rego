package policies.shared.maintenance_test

import data.policies.shared.asked

test_draining_begins_nothing_new if {
	drain := [asked.put("/context/maintenance", "drain")]
	asked.failed("checkout.complete", drain) == ["maintenance"]
	asked.failed("order.approve", drain) == []
}

test_read_only_lets_operators_and_the_system_through if {
	closed := [asked.put("/context/maintenance", "read_only")]
	asked.failed("order.approve", closed) == ["maintenance"]
	asked.failed("grant.issue/operator", closed) == []
	asked.failed("cart.expire", closed) == []
}
