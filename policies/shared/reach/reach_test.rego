package policies.shared.reach_test

import data.policies.shared.reach

sees(subject, home, counterparty, owner, group) := reach.sees(
	subject,
	"order",
	{"home": home, "counterparty": counterparty},
	{"owner": owner},
	group,
)

who(role, kind, organization) := {
	"person": "me",
	"roles": [role],
	"organization_kind": kind,
	"organization": organization,
}

test_each_side_sees_its_own_orders if {
	sees(who("buyer", "buyer", "b"), "b", "v", "me", "summary")
	sees(who("buyer", "buyer", "c"), "b", "v", "me", "summary") == false
	sees(who("vendor_manager", "vendor", "v"), "b", "v", "x", "summary")
	sees(who("auditor", "platform", "p"), "b", "v", "x", "summary")
}

test_a_role_held_in_the_wrong_kind_of_organization_sees_nothing if {
	sees(who("auditor", "buyer", "p"), "b", "v", "x", "summary") == false
}

test_a_group_of_fields_has_its_own_cells if {
	sees(who("vendor_manager", "vendor", "v"), "b", "v", "x", "risk") == false
}
