package policies.inventory_test

import data.policies.shared.asked

test_a_vendor_counts_its_own_stock if asked.failed("stock.adjust", [asked.put("/subject/organization", "elsewhere")]) == ["tenancy", "role"]

test_stock_begins_with_its_variant_and_for_nobody if {
	behalf := {"person": "somebody", "organization": "somewhere", "decision": "some"}
	asked.answer("stock.create", []).role == "system"
	"role" in asked.failed("stock.create", [asked.put("/subject/on_behalf_of", behalf)])
}

test_what_was_held_is_sold_only_to_the_buyer_it_was_held_for if asked.failed("reservation.finalize", [asked.put("/subject/on_behalf_of/organization", "elsewhere")]) == ["role"]
