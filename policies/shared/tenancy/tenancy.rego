# METADATA
# title: Whose object it is
package policies.shared.tenancy

# METADATA
# title: The acting organization is a party
# description: Home or other side of the object, or the platform; one's own session belongs to oneself wherever one acts.
# custom:
#   code: tenancy.not_a_party
#   check: tenancy
#   message: This belongs to other organizations than the one you act for.
#   remedy: Switch to the organization it belongs to, if you have a role there.
#   controls: ["SOC2 CC6.1", "ISO27001 A.8.3"]
default member(_) := false

member(req) if req.subject.organization_kind == "platform"

member(req) if party(req.subject.organization, req.resource.organizations)

member(req) if {
	req.resource.type == "session"
	is_string(req.subject.person)
	req.resource.parents.owner == req.subject.person
}

default party(_, _) := false

party(organization, organizations) if {
	is_string(organization)
	organization in [organizations.home, organizations.counterparty]
}
