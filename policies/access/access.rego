# METADATA
# title: Grants and sessions
# description: Who gives authority, to whom, and what never meets in one hand.
# custom:
#   words:
#     role:
#       grant.issue: {code: access.grant.role, message: "Only an administrator of the organization, or an operator, may give somebody a role there.", remedy: Ask an administrator of the organization.}
#       grant.revoke: {code: access.revoke.role, message: "Only an administrator of the organization, or an operator, may take a role away there.", remedy: Ask an administrator of the organization.}
#       session.switch: {code: access.switch.role, message: Only the owner of a session may switch it., remedy: Sign in yourself.}
#       session.revoke: {code: access.session_revoke.role, message: "Only the owner of a session, or an operator, may end it.", remedy: Ask the owner or an operator.}
#     grantee:
#       grant.issue: {code: access.grant.not_self, message: You cannot give a role to yourself., remedy: Another administrator of the organization may do it.}
#       grant.revoke: {code: access.revoke.not_self, message: You cannot take a role away from yourself., remedy: Another administrator of the organization may do it.}
package policies.access

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, own(req))

own(req) := {
	"grantee": for_somebody_else(req),
	"fitting_role": fits(req),
	"conflict": compatible(req),
} if {
	req.resource.type == "grant"
	req.action.name == "grant.issue"
}

own(req) := {"grantee": for_somebody_else(req)} if {
	req.resource.type == "grant"
	req.action.name != "grant.issue"
}

own(req) := {"membership": belongs(req)} if req.resource.type == "session"

# METADATA
# title: Nobody changes their own authority
# description: Neither to give nor to take; the person counts, whatever account asks.
# custom:
#   code: access.not_self
#   check: grantee
#   message: You cannot change your own authority.
#   remedy: Another administrator of the organization may do it.
#   controls: ["SOX 404", "SOC2 CC6.3", "ISO27001 A.5.18"]
default for_somebody_else(_) := false

for_somebody_else(req) if {
	is_string(req.subject.person)
	grantee(req) != req.subject.person
}

grantee(req) := req.action.args.person.id if req.action.name == "grant.issue"

grantee(req) := req.resource.parents.owner if req.action.name == "grant.revoke"

# METADATA
# title: The role fits the organization
# description: Each role is held in some kinds of organization only (matrix/roles.yaml).
# custom:
#   code: access.grant.fitting_role
#   check: fitting_role
#   message: This role cannot be held in an organization of that kind.
#   remedy: Choose a role that fits the organization.
#   controls: ["SOC2 CC6.3"]
default fits(_) := false

fits(req) if req.resource.parents.organization_kind in data.policies.matrix.roles.held_in[req.action.args.role]

# METADATA
# title: No conflicting roles in one hand
# description: What the grantee holds anywhere must not conflict with the new role (matrix/separation.yaml, static).
# custom:
#   code: access.grant.conflict
#   check: conflict
#   message: The person holds a role that conflicts with this one.
#   remedy: Give the role to somebody else, or take the other role away first.
#   controls: ["SOX 404", "SOC2 CC5.1", "ISO27001 A.5.3"]
default compatible(_) := false

compatible(req) if {
	is_array(data.policies.matrix.separation.static)
	every held in req.resource.parents.grantee_roles {
		every pair in data.policies.matrix.separation.static {
			{held.role, req.action.args.role} != {role | some role in pair}
		}
	}
}

# METADATA
# title: Only where one belongs
# description: A session can act only for an organization in which its person holds a role now.
# custom:
#   code: access.switch.membership
#   check: membership
#   message: You hold no role in that organization.
#   remedy: Ask an administrator of that organization for a role.
#   controls: ["SOC2 CC6.1"]
default belongs(_) := false

belongs(req) if {
	req.action.name == "session.switch"
	some role in req.resource.parents.target_roles
	role in data.policies.matrix.roles.order
}

belongs(req) if req.action.name == "session.revoke"
