package policies.fulfillment_test

import data.policies.shared.asked

test_a_delivery_is_recorded_once if asked.failed("shipment.deliver", [asked.put("/resource/state", "delivered")]) == ["state"]
