package policies.payments_test

import data.policies.shared.asked

test_money_is_captured_only_for_somebody_of_the_vendor if asked.failed("capture.initiate", [asked.put("/subject/on_behalf_of/organization", "elsewhere")]) == ["role"]

test_money_is_authorized_only_for_somebody_of_the_buyer if asked.failed("authorization.initiate", [asked.put("/subject/on_behalf_of/organization", "elsewhere")]) == ["role"]
