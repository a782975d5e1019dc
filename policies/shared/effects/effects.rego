# METADATA
# title: What one decision may move
package policies.shared.effects

# METADATA
# title: The whole set may move
# description: Besides its own object a decision moves only what matrix/effects.yaml names, each under its condition.
# custom:
#   code: effects.beyond_the_action
#   check: effects
#   message: This would change more than the action may.
#   remedy: This is a fault of the marketplace, not yours; support can look it up by the decision's id.
#   controls: ["SOC2 PI1.3"]
default covered(_) := false

# What most decisions move.
covered(req) if req.resource.effects == [{
	"action": req.action.name,
	"noun": req.resource.type,
	"id": req.resource.id,
	"if_obliged": null,
}]

covered(req) if {
	is_array(req.resource.effects)
	every effect in req.resource.effects { permitted(req, effect) }
}

default permitted(_, _) := false

permitted(req, effect) if {
	effect.action == req.action.name
	effect.noun == req.resource.type
	effect.id == req.resource.id
	effect.if_obliged == null
}

permitted(req, effect) if {
	data.machines.actions[effect.action].noun == effect.noun
	condition := data.policies.matrix.effects[req.action.name][effect.action]
	[condition, effect.if_obliged] in {["always", null], ["auto_approval", "auto_approval"]}
}
