package policies.vendors_test

import data.policies.shared.asked

test_a_vendor_is_installed_by_the_marketplace_alone if asked.failed("vendor.install", [asked.put("/subject/roles", ["operator"])]) == ["shape", "role"]
