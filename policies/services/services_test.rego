package policies.services_test

import data.policies.shared.asked

test_only_an_active_vendor_publishes if {
	asked.failed("service.publish", [asked.put("/resource/parents/vendor/state", "suspended")]) == ["vendor_active"]
	asked.failed("service.publish", [asked.put("/resource/parents/vendor/state", "applied")]) == ["vendor_active"]
}

test_a_vendor_prepares_its_catalog_while_it_is_verified if {
	asked.failed("service.create", [asked.put("/resource/parents/vendor/state", "applied")]) == []
	asked.failed("service.create", [asked.put("/resource/parents/vendor/state", "closed")]) == ["vendor_active"]
}

elsewhere := asked.put("/subject/organization", "00000000-0000-0000-0000-0000000000c2")

test_a_draft_of_another_vendor_is_not_even_seen if {
	asked.answer("price.change", [elsewhere]).visible == false
	asked.answer("variant.create", [elsewhere]).visible == false
}

test_what_is_on_sale_is_seen_and_still_not_touched if {
	answer := asked.answer("price.change", [elsewhere, asked.put("/resource/parents/published", true)])
	answer.visible == true
	answer.failed == ["tenancy", "role"]
}

test_another_vendors_catalog_is_no_secret_but_closed if {
	answer := asked.answer("service.create", [elsewhere])
	answer.visible == true
	answer.failed == ["tenancy", "role"]
}
