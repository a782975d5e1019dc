package policies.main_test

import data.policies.main
import data.policies.shared.asked

sample := data.samples["order.approve"]

test_one_question if {
	answer := main.decide with input as sample
	answer.allow == true
	answer.decision_id == sample.context.decision_id
}

test_many_questions_by_name if {
	answers := main.batch with input as {"batch": {"a": sample, "b": {}, "c": null}}
	answers.a.allow == true
	answers.b.allow == false
	answers.c.allow == false
	answers.c.decision_id == ""
}

test_every_sample_is_allowed[name] if {
	some name, question in data.samples
	main.answer(question).allow == true
}

test_visible if {
	main.visible with input as sample
	main.visible == false with input as {}
}

test_an_unknown_object_is_no if {
	answer := main.answer({"resource": {"type": "spaceship"}, "context": {"decision_id": "d"}})
	answer.failed == ["known"]
	answer.visible == false
	answer.decision_id == "d"
}

test_an_unknown_action_is_no if {
	"known" in asked.failed("order.approve", [asked.put("/action/name", "order.teleport")])
}

test_a_missing_object_is_neither_shown_nor_changed if {
	answer := asked.answer("order.approve", [
		asked.put("/resource/state", null),
		asked.put("/resource/version", 0),
		asked.put("/resource/money", null),
		asked.put("/resource/parents", {}),
		asked.put("/resource/organizations/counterparty", null),
	])
	answer.visible == false
	answer.failed[0] == "present"
}
