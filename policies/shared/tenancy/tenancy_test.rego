package policies.shared.tenancy_test

import data.policies.shared.asked
import data.policies.shared.tenancy

stranger := "00000000-0000-0000-0000-0000000000b2"

test_a_stranger_is_no_party if {
	changes := [asked.put("/subject/organization", stranger)]
	asked.failed("order.cancel/buyer", changes) == ["tenancy", "role"]
	asked.answer("order.cancel/buyer", changes).visible == false
}

test_nothing_is_no_party if {
	tenancy.party(null, {"home": null, "counterparty": null}) == false
}
