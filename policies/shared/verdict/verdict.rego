# METADATA
# title: From checks to an answer
# description: An allow is a conjunction of named checks that each default to false; all of them run, so that every reason is told.
package policies.shared.verdict

import data.policies.shared.effects
import data.policies.shared.machine
import data.policies.shared.maintenance
import data.policies.shared.reach
import data.policies.shared.roles
import data.policies.shared.separation
import data.policies.shared.shape
import data.policies.shared.tenancy

# The order in which reasons are told; what belongs to one noun comes before the state.
order := [
	"shape",
	"known",
	"present",
	"tenancy",
	"role",
	"maintenance",
	"separation",
	"effects",
	"grantee",
	"fitting_role",
	"conflict",
	"membership",
	"vendor_active",
	"vendors_active",
	"audience",
	"state",
]

# `own` holds the checks of one noun; it cannot switch off a general one.
of(req, own) := answer(req, own, {
	"shape": shape.whole(req),
	"known": machine.known(req),
	"present": machine.present(req),
	"tenancy": tenancy.member(req),
	"role": roles.held(req),
	"maintenance": maintenance.open(req),
	"separation": separation.apart(req),
	"effects": effects.covered(req),
	"state": machine.edge(req),
})

answer(req, own, general) := {
	"allow": true,
	"visible": reach.visible(req),
	"role": roles.relied_on(req),
	"reasons": [],
	"failed": [],
	"obligations": [],
	"contract": 1,
} if {
	# Compared as a whole, which costs less than one by one; a check that is left out makes it another object.
	general == {
		"shape": true,
		"known": true,
		"present": true,
		"tenancy": true,
		"role": true,
		"maintenance": true,
		"separation": true,
		"effects": true,
		"state": true,
	}
	every ok in own { ok == true }
} else := {
	"allow": false,
	"visible": reach.visible(req),
	"role": null,
	"reasons": [reason(req, name) | some name in failed(object.union(own, general))],
	"failed": failed(object.union(own, general)),
	"obligations": [],
	"contract": 1,
}

failed(checks) := [name | some name in order; checks[name] == false]

reason(req, name) := object.union(words(req.action.name, name), {"check": name})

# What compliance staff wrote above the rules (METADATA): for this action, else for the check in general.
words(action, name) := found if {
	found := data.policies.registry.actions[action][name]
} else := data.policies.registry.checks[name]
