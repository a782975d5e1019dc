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
	sees(req.subject, req.resource.type, req.resource.organizations, req.resource.parents, "summary")
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
	sees(req.subject, req.resource.type, req.resource.organizations, req.resource.parents, "summary")
}

visible(req) if {
	to_be(req)
	req.action.name == "note.add"
	about := req.resource.parents.subject
	sees(req.subject, about.noun, about, about, "summary")
}

to_be(req) if {
	data.machines.actions[req.action.name].creates == true
	req.resource.state == null
}

# METADATA
# title: One group of fields of one row
# description: The widest reach over the subject's roles decides; the marketplace itself sees what it is a party to.
default sees(_, _, _, _, _) := false

sees(subject, noun, organizations, parents, group) if {
	some role in subject.roles
	roles.counts(subject, role)
	reaches(data.policies.matrix.reads.nouns[noun][group][role], subject, organizations, parents)
}

sees(subject, noun, organizations, parents, group) if {
	roles.counts(subject, "anyone")
	reaches(data.policies.matrix.reads.nouns[noun][group].anyone, subject, organizations, parents)
}

sees(_, noun, _, parents, "summary") if {
	noun in data.policies.matrix.reads.open
	parents.published == true
}

sees(subject, _, organizations, _, _) if {
	subject.roles == ["system"]
	roles.counts(subject, "system")
	tenancy.party(subject.organization, organizations)
}

reaches("all", _, _, _)

reaches("organization", subject, organizations, _) if subject.organization == organizations.home

reaches("counterpart", subject, organizations, _) if subject.organization == organizations.counterparty

reaches("own", subject, _, parents) if {
	is_string(subject.person)
	parents.owner == subject.person
}
