package policies.shared.reach_test

import data.policies.shared.reach

row(home, counterparty, owner) := {
	"noun": "order",
	"home": home,
	"counterparty": counterparty,
	"owner": owner,
	"published": false,
}

who(role, kind, organization) := {
	"person": "me",
	"roles": [role],
	"organization_kind": kind,
	"organization": organization,
}

test_each_side_sees_its_own_orders if {
	reach.sees(who("buyer", "buyer", "b"), row("b", "v", "me"), "summary")
	reach.sees(who("buyer", "buyer", "c"), row("b", "v", "me"), "summary") == false
	reach.sees(who("vendor_manager", "vendor", "v"), row("b", "v", "x"), "summary")
	reach.sees(who("auditor", "platform", "p"), row("b", "v", "x"), "summary")
}

test_a_role_held_in_the_wrong_kind_of_organization_sees_nothing if {
	reach.sees(who("auditor", "buyer", "p"), row("b", "v", "x"), "summary") == false
}

test_a_group_of_fields_has_its_own_cells if {
	reach.sees(who("vendor_manager", "vendor", "v"), row("b", "v", "x"), "risk") == false
}
