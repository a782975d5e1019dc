# METADATA
# title: Who sees what
# description: Reads the cells of matrix/reads.yaml; the lists and single objects of the API read the same file.
package policies.shared.reach

import data.policies.shared.roles
import data.policies.shared.tenancy

# METADATA
# title: The object exists for the subject
# description: >-
#   What is there is shown by its cells. What is to be is shown to the organizations it is to belong to; a vendor is
#   public, so whoever asks to add to another vendor's catalog is told no, and not that there is no such vendor.
default visible(_) := false

visible(req) if {
	is_string(req.resource.state)
	sees(req.subject, row(req), "summary")
}

visible(req) if {
	to_be(req)
	every special in ["note.add", "service.create", "variant.create"] { special != req.action.name }
	tenancy.member(req)
}

visible(req) if {
	to_be(req)
	req.action.name == "service.create"
}

visible(req) if {
	to_be(req)
	req.action.name == "variant.create"
	sees(req.subject, row(req), "summary")
}

visible(req) if {
	to_be(req)
	req.action.name == "note.add"
	sees(req.subject, req.resource.parents.subject, "summary")
}

to_be(req) if {
	data.machines.actions[req.action.name].creates == true
	req.resource.state == null
}

row(req) := {
	"noun": req.resource.type,
	"home": req.resource.organizations.home,
	"counterparty": req.resource.organizations.counterparty,
	"owner": owner(req),
	"published": published(req),
}

default owner(_) := null

owner(req) := req.resource.parents.owner

default published(_) := false

published(req) := req.resource.parents.published

# METADATA
# title: One group of fields of one row
# description: The widest reach over the subject's roles decides; the marketplace itself sees what it is a party to.
default sees(_, _, _) := false

sees(subject, row, group) if {
	some role in subject.roles
	reached(subject, row, group, role)
}

sees(subject, row, group) if reached(subject, row, group, "anyone")

sees(_, row, "summary") if {
	row.noun in data.policies.matrix.reads.open
	row.published == true
}

sees(subject, row, _) if {
	subject.roles == ["system"]
	roles.counts(subject, "system")
	tenancy.party(subject.organization, row)
}

reached(subject, row, group, role) if {
	roles.counts(subject, role)
	reaches(data.policies.matrix.reads.nouns[row.noun][group][role], subject, row)
}

reaches("all", _, _)

reaches("organization", subject, row) if subject.organization == row.home

reaches("counterpart", subject, row) if subject.organization == row.counterparty

reaches("own", subject, row) if {
	is_string(subject.person)
	row.owner == subject.person
}
