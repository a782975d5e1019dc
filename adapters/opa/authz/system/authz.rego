# METADATA
# title: What the engine's own interface lets through
# description: >-
#   Questions to the three entry points and the health page; all else is refused. Part of the release, in a bundle of
#   its own, so that no policy revision can replace it.
package system.authz

default allow := false

allow if {
	input.method == "POST"
	input.path in {
		["v1", "data", "policies", "main", "batch"],
		["v1", "data", "policies", "main", "decide"],
		["v1", "data", "policies", "main", "visible"],
	}
}

allow if {
	input.method == "GET"
	input.path == ["health"]
}
