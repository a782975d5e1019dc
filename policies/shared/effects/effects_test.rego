package policies.shared.effects_test

import data.policies.shared.asked

test_only_its_own_object_moves_by_the_action_itself if {
	asked.failed("order.approve", [asked.put("/resource/effects/0/id", "another")]) == ["effects"]
}

test_an_action_moves_only_its_own_kind_of_object if {
	odd := {"noun": "cart", "id": "c", "action": "saga.start", "if_obliged": null}
	asked.failed("checkout.complete", [{"op": "add", "path": "/resource/effects/-", "value": odd}]) == ["effects"]
}

test_nothing_may_move_nothing if asked.failed("order.approve", [asked.put("/resource/effects", [])]) == []
