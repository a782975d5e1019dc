package policies.revisions_test

import data.policies.shared.asked

test_a_revision_is_superseded_once if asked.failed("policy_revision.supersede", [asked.put("/resource/state", "superseded")]) == ["state"]

test_nobody_installs_a_revision_by_asking if {
	asked.answer("policy_revision.install", []).role == "system"
	"role" in asked.failed("policy_revision.install", [asked.put("/subject/roles", ["compliance_approver"])])
}
