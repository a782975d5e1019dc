package policies.timeline_test

import data.policies.shared.asked

test_only_the_platform_writes_for_itself if {
	alone := [asked.put("/action/args/visibility", "platform")]
	asked.failed("note.add/buyer", alone) == ["audience"]
	asked.failed("note.add/support", alone) == []
}

test_who_does_not_see_the_subject_learns_nothing_of_it if {
	answer := asked.answer("note.add/buyer", [asked.put("/resource/parents/subject/home", "elsewhere")])
	answer.visible == false
	answer.allow == false
}

test_an_auditor_changes_nothing if {
	asked.failed("note.add/support", [asked.put("/subject/roles", ["auditor"])]) == ["role"]
}

test_of_several_roles_that_would_do_the_first_is_relied_on if {
	asked.answer("note.add/support", [asked.put("/subject/roles", ["support", "finance"])]).role == "finance"
}
