# METADATA
# title: Separation of duties on one object
package policies.shared.separation

# METADATA
# title: No conflicting duties in one hand
# description: >-
#   Whoever did, or had done for them, one of the earlier duties on this object may not do this one. Persons are
#   compared, so neither a second account nor a step that the marketplace does for somebody helps.
# custom:
#   code: separation.same_person
#   check: separation
#   message: You did an earlier step on this yourself (or it was done for you), so somebody else must do this one.
#   remedy: Another person with the same role may do it.
#   controls: ["SOX 404", "SOC2 CC5.1", "ISO27001 A.5.3"]
default apart(_) := false

apart(req) if {
	# The machine's are the floor; separation.yaml may only add.
	required := data.machines.actions[req.action.name].apart_from
	is_array(required)
	every duty in array.concat(required, added(req.action.name)) {
		somebody := acting(req)
		every person in req.resource.actors[duty] { person != somebody }
	}
}

added(action) := [duty | some duty in data.policies.matrix.separation.dynamic[action]]

# A person acts for nobody else, and the marketplace is no person: who is neither or both is not apart from anybody.
acting(req) := req.subject.person if {
	is_string(req.subject.person)
	req.subject.on_behalf_of == null
}

acting(req) := req.subject.on_behalf_of.person if {
	req.subject.person == null
	is_string(req.subject.on_behalf_of.person)
}
