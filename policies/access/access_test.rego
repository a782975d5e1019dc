package policies.access_test

import data.policies.shared.asked

me(sample) := data.samples[sample].subject.person

test_nobody_gives_a_role_to_themselves if {
	asked.failed("grant.issue", [asked.put("/action/args/person/id", me("grant.issue"))]) == ["grantee"]
	asked.code("grant.issue", [asked.put("/action/args/person/id", me("grant.issue"))]) == "access.grant.not_self"
	asked.failed("grant.revoke", [asked.put("/resource/parents/owner", me("grant.revoke"))]) == ["grantee"]
}

test_a_role_fits_the_organization if {
	asked.failed("grant.issue", [asked.put("/action/args/role", "finance")]) == ["fitting_role"]
}

test_conflicting_roles_never_meet[name] if {
	some pair in data.policies.matrix.separation.static
	some role in pair
	some other in pair
	role != other
	name := sprintf("%s and %s", [role, other])
	"conflict" in asked.failed("grant.issue", [
		asked.put("/action/args/role", role),
		asked.put("/resource/parents/grantee_roles", [{"organization": "anywhere", "role": other}]),
	])
}

test_an_administrator_stays_in_their_own_organization if {
	changes := [asked.put("/resource/organizations/counterparty", me("grant.issue"))]
	asked.failed("grant.issue/organization_admin", changes) == ["tenancy", "role"]
	asked.answer("grant.issue/organization_admin", changes).visible == false
}

test_one_switches_to_where_one_belongs if {
	asked.failed("session.switch", [asked.put("/resource/parents/target_roles", [])]) == ["membership"]
}

test_somebody_without_a_role_may_still_switch if {
	answer := asked.answer("session.switch", [asked.put("/subject/roles", [])])
	answer.allow == true
	answer.role == null
}

test_the_role_told_is_one_that_is_held if {
	asked.answer("session.switch", [asked.put("/subject/roles", ["buyer_approver"])]).role == "buyer_approver"
}

test_a_session_belongs_to_its_person if {
	asked.failed("session.revoke", [asked.put("/resource/parents/owner", "somebody")]) == ["tenancy", "role"]
	asked.answer("session.revoke", [asked.put("/resource/parents/owner", "somebody")]).visible == false
}
