package policies.checkout_test

import data.policies.shared.asked

test_no_vendor_may_be_suspended if {
	asked.failed("checkout.complete", [asked.put("/resource/parents/vendors/0/state", "suspended")]) == ["vendors_active"]
	asked.failed("checkout.complete", [asked.put("/resource/parents/vendors", null)]) == ["shape", "vendors_active"]
}

test_it_moves_what_a_checkout_moves_and_nothing_else if {
	hold := {"noun": "reservation", "id": "r", "action": "reservation.hold", "if_obliged": null}
	asked.failed("checkout.complete", [{"op": "add", "path": "/resource/effects/-", "value": hold}]) == []
	ship := {"noun": "shipment", "id": "s", "action": "shipment.create", "if_obliged": null}
	asked.failed("checkout.complete", [{"op": "add", "path": "/resource/effects/-", "value": ship}]) == ["effects"]
}
