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

general := 9

# `own` holds the checks of one noun; it cannot switch off a general one.
of(req, own) := answer(req, object.union(own, {
	"shape": shape.whole(req),
	"known": machine.known(req),
	"present": machine.present(req),
	"tenancy": tenancy.member(req),
	"role": roles.held(req),
	"maintenance": maintenance.open(req),
	"separation": separation.apart(req),
	"effects": effects.covered(req),
	"state": machine.edge(req),
}))

answer(req, checks) := {
	"allow": true,
	"visible": reach.visible(req),
	"role": roles.relied_on(req),
	"reasons": [],
	"failed": [],
	"obligations": [],
	"contract": 1,
} if {
	passed(checks)
} else := {
	"allow": false,
	"visible": reach.visible(req),
	"role": null,
	"reasons": [reason(req, name) | some name in failed(checks)],
	"failed": failed(checks),
	"obligations": [],
	"contract": 1,
}

default passed(_) := false

passed(checks) if {
	count(checks) >= general
	every ok in checks { ok == true }
}

failed(checks) := [name | some name in order; checks[name] == false]

reason(req, name) := object.union(words(req.action.name, name), {"check": name})

# What compliance staff wrote above the rules (METADATA): for this action, else for the check in general.
words(action, name) := found if {
	found := data.policies.registry.actions[action][name]
} else := data.policies.registry.checks[name]
