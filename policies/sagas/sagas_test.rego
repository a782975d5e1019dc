package policies.sagas_test

import data.policies.shared.asked

test_a_saga_starts_for_somebody if asked.failed("saga.start", [asked.put("/subject/on_behalf_of", null)]) == ["role"]
