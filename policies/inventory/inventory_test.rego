package policies.inventory_test

import data.policies.shared.asked

test_a_vendor_counts_its_own_stock if asked.failed("stock.adjust", [asked.put("/subject/organization", "elsewhere")]) == ["tenancy", "role"]
