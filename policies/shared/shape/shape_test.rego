package policies.shared.shape_test

import data.policies.main
import data.policies.shared.asked
import data.policies.shared.shape

test_a_missing_object_has_a_shape_of_its_own[name] if {
	some name, question in data.phantoms
	answer := main.answer(question)
	answer.visible == false
	answer.failed[0] == "present"
}

test_one_unknown_field_is_refused if {
	more := {"op": "add", "path": "/subject/admin", "value": true}
	asked.failed("order.approve", [more])[0] == "shape"
}

test_one_missing_field_is_refused if {
	asked.failed("order.approve", [asked.drop("/subject/mfa_age_s")]) == ["shape"]
	asked.failed("order.approve", [asked.drop("/resource/actors/order.reject")]) == ["shape"]
}

test_types_are_checked if {
	asked.failed("order.approve", [asked.put("/context/now", 1.5)]) == ["shape"]
	asked.failed("order.approve", [asked.put("/context/now", "1")]) == ["shape"]
	asked.failed("order.approve", [asked.put("/context/settings/approval.service_manager_from", {})]) == ["shape"]
}

# Every field that may be null is something here, and every map has an entry of each kind.
dressed := {
	"order.approve": [
		asked.put("/subject/mfa_age_s", 30),
		asked.put("/subject/spend_limit", {"currency": "EUR", "per_purchase": 1, "per_period": null, "period_s": null}),
		asked.put("/context/app_release", "web-3"),
		{"op": "add", "path": "/context/settings/a.switch", "value": true},
		{"op": "add", "path": "/context/settings/a.word", "value": "PT15M"},
	],
	"organization.create": [asked.put("/action/args/parent", {"noun": "organization", "home": "h", "id": "i"})],
	"grant.issue": [
		asked.put("/action/args/valid_from", 1),
		asked.put("/action/args/spend_limit", {
			"per_purchase": {"currency": "EUR", "minor": 1},
			"per_period": {"currency": "EUR", "minor": 2},
			"period_s": 3600,
		}),
	],
}

test_what_may_be_null_may_be_something if {
	every sample, changes in dressed {
		asked.failed(sample, [change | some change in changes; change.op == "replace"]) == []
		shape.whole(json.patch(data.samples[sample], changes))
	}
}
