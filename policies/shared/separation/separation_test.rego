package policies.shared.separation_test

import data.policies.shared.separation

did(duty, person, who) := {
	"action": {"name": "order.approve"},
	"subject": who,
	"resource": {"actors": object.union({"order.place": []}, {duty: [person]})},
}

test_persons_are_compared if {
	separation.apart(did("order.place", "a", {"person": "b", "on_behalf_of": null}))
	separation.apart(did("order.place", "a", {"person": "a", "on_behalf_of": null})) == false
	separation.apart(did("order.place", "a", {"person": null, "on_behalf_of": {"person": "a"}})) == false
}

test_who_is_not_known_is_not_apart if {
	separation.apart(did("order.place", "a", {"person": null, "on_behalf_of": null})) == false
	separation.apart({"action": {"name": "order.approve"}, "subject": {"person": "b"}, "resource": {"actors": {}}}) == false
}

test_cells_add_to_the_machine if {
	added := {"dynamic": {"order.approve": ["order.reject"]}, "static": []}
	separation.apart(did("order.reject", "b", {"person": "b", "on_behalf_of": null})) == false with data.policies.matrix.separation as added
}
