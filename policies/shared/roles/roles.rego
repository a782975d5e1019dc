# METADATA
# title: Who may, by role and scope
# description: The cells are in matrix/<noun>.yaml; this only says what each scope means.
package policies.shared.roles

import data.policies.shared.reach

# METADATA
# title: A role that may do this
# description: One of the roles held in the acting organization has a cell for the action, and its scope covers the object.
# custom:
#   code: roles.none_suffices
#   check: role
#   message: None of your roles in this organization allows this.
#   remedy: Ask somebody whose role allows it, or an administrator of your organization for the role.
#   controls: ["SOC2 CC6.3", "ISO27001 A.5.15"]
default held(_) := false

held(req) if some role in candidates(req)

# METADATA
# title: The one role relied on
# description: Of several that would do the first in the declared order; with `anyone`, the first one held, if any.
default relied_on(_) := null

# Mostly one will do, which needs no order.
relied_on(req) := role if {
	count(candidates(req)) == 1
	some role in candidates(req)
	role != "anyone"
} else := named(req, first(candidates(req)))

named(_, role) := role if role != "anyone"

named(req, "anyone") := first(req.subject.roles)

candidates(req) := {role |
	some role, scope in data.policies.matrix.actions[req.action.name]
	counts(req.subject, role)
	covers(scope, req)
}

first(some_roles) := [role | some role in data.policies.matrix.roles.order; role in some_roles][0]

counts(subject, role) if {
	role in subject.roles
	subject.organization_kind in data.policies.matrix.roles.held_in[role]
}

counts(subject, "anyone") if is_string(subject.person)

counts(subject, "system") if {
	subject.roles == ["system"]
	subject.person == null
}

covers("platform", req) if req.subject.organization_kind == "platform"

covers("organization", req) if req.subject.organization == req.resource.organizations.home

covers("own", req) if {
	req.subject.organization == req.resource.organizations.home
	owner(req)
}

covers("counterpart", req) if req.subject.organization == req.resource.organizations.counterparty

covers("self", req) if owner(req)

covers("subject", req) if {
	about := req.resource.parents.subject
	reach.sees(req.subject, about.noun, about, about, "summary")
}

covers("system", req) if req.subject.on_behalf_of == null

covers("behalf", req) if {
	is_string(req.subject.on_behalf_of.person)
	req.subject.on_behalf_of.organization == req.resource.organizations.home
}

covers("behalf_counterpart", req) if {
	is_string(req.subject.on_behalf_of.person)
	req.subject.on_behalf_of.organization == req.resource.organizations.counterparty
}

owner(req) if {
	is_string(req.subject.person)
	req.resource.parents.owner == req.subject.person
}
