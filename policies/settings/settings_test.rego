package policies.settings_test

import data.policies.shared.asked

test_a_setting_is_installed_by_the_marketplace_alone if asked.failed("runtime_setting.install", [asked.put("/subject/roles", ["operator"])]) == ["shape", "role"]
