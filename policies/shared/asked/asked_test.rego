# Questions for tests: `data.samples` has one allowed question per cell, tests change a field or two of them.
package policies.shared.asked

import data.policies.main

answer(sample, changes) := main.answer(json.patch(data.samples[sample], changes))

failed(sample, changes) := answer(sample, changes).failed

code(sample, changes) := answer(sample, changes).reasons[0].code

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}
