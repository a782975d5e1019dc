package policies.people_test

import data.policies.shared.asked

test_an_administrator_invites_into_their_own_organization if asked.failed("person.invite/organization_admin", [asked.put("/resource/organizations/counterparty", "elsewhere")]) == ["tenancy", "role"]
