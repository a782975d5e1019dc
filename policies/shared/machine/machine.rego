# METADATA
# title: The life of an object
# description: States and edges come with the release (data.machines); the matrix comes with the policy revision.
package policies.shared.machine

# METADATA
# title: The policy knows the action
# description: The active revision has a row for it, and the release has it on this kind of object.
# custom:
#   code: policy.unknown_action
#   check: known
#   message: The active policy revision does not know this action yet.
#   remedy: A newer policy revision has to be activated first.
#   controls: ["SOC2 CC8.1"]
default known(_) := false

known(req) if {
	is_object(data.policies.matrix.actions[req.action.name])
	data.machines.actions[req.action.name].noun == req.resource.type
}

# METADATA
# title: The object is there
# description: Nothing is allowed about an object that does not exist, or not for the acting organization.
# custom:
#   code: policy.no_object
#   check: present
#   message: There is no such object, or none that you may know of.
#   remedy: null
#   controls: ["ISO27001 A.8.3"]
default present(_) := false

present(req) if {
	is_string(req.resource.state)
	req.resource.version >= 1
}

present(req) if {
	data.machines.actions[req.action.name].creates == true
	req.resource.state == null
	req.resource.version == 0
}

# METADATA
# title: The step exists from here
# description: The machine has an edge of this action from the object's state to the state it shall have.
# custom:
#   code: policy.no_such_step
#   check: state
#   message: In its present state this cannot be done to it.
#   remedy: Look at its state; it may have moved on meanwhile.
#   controls: ["SOC2 PI1.3"]
default edge(_) := false

edge(req) if {
	is_string(req.resource.state)
	req.action.to_state in data.machines.actions[req.action.name].edges[req.resource.state]
}

edge(req) if {
	req.resource.state == null
	req.action.to_state in data.machines.actions[req.action.name].edges[""]
}
