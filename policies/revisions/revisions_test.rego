package policies.revisions_test

import data.policies.shared.asked

test_a_revision_is_superseded_once if asked.failed("policy_revision.supersede", [asked.put("/resource/state", "superseded")]) == ["state"]
