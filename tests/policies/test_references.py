"""Every name in a rule leads somewhere: to the question, the cells, the words, the machines or another rule."""

from __future__ import annotations

from adapters.opa.contract import ROLES
from adapters.opa.gates import references
from tests.policies.conftest import Planting

MISSPELT = """package policies.shared.misspelt

import data.policies.shared.nowhere
import data.policies.shared.tenancy

field(req) if req.resource.linez == 1

deeper(req) if req.resource.organizations.hom == "x"

argument(subject) if subject.persona == "x"

item(req) if {
	some vendor in req.resource.parents.vendors
	vendor.stat == "active"
}

every_item(req) if {
	every vendor in req.resource.parents.vendors { vendor.stait == "active" }
}

assigned(req) if {
	sides := req.resource.organizations
	sides.hom == "x"
}

value(req) if req.subject.organization_kind == "moon"

values(req) if req.context.maintenance in {"off", "broken"}

member(req) if "elf" in req.subject.roles

cell(req) if data.policies.matrix.limit.approval == req

action(req) if data.machines.actionz[req.action.name]

word(req) if data.policies.registry.checkz[req] == 1

nothing(req) if data.policies.matrixx[req] == 1

rule(req) if tenancy.owner == req

unknown(thing) if thing.field == 1

good(req) if {
	req.subject.organization_kind == "buyer"
	tenancy.member(req)
	data.policies.matrix.limits.approval.role in req.subject.roles
}
"""


def test_the_committed_references_lead_somewhere(planting: Planting) -> None:
    """Nothing is planted, nothing is found."""
    report = references.gate(planting.tree)
    assert (report.failures, report.skipped) == ((), ())
    assert report.cases > 300


def test_what_leads_nowhere_is_found(planting: Planting) -> None:
    """`opa check --schema` would let each of these pass: it sees nothing inside functions."""
    planting.add("shared/misspelt/misspelt.rego", MISSPELT)
    report = references.gate(planting.tree)
    told = sorted(failure.removeprefix("policies/shared/misspelt/misspelt.rego: ") for failure in report.failures)
    assert told == sorted(
        [
            "there is no package policies.shared.nowhere to import",
            "req.resource.linez is no field of the question",
            "req.resource.organizations.hom is no field of the question",
            "subject.persona is no field of the question",
            "vendor.stat is no field of the question",
            "vendor.stait is no field of the question",
            "sides.hom is no field of the question",
            "'moon' is none of buyer, vendor, platform",
            "'broken' is none of off, read_only, drain",
            f"'elf' is none of {', '.join(sorted((*ROLES, 'system')))}",
            "data.policies.matrix.limit.approval leads nowhere",
            "data.machines.actionz.[] leads nowhere",
            "data.policies.registry.checkz.req leads nowhere",
            "data.policies.matrixx.req is neither cells, words nor machines",
            "tenancy.owner is no rule of that package",
            "thing.field: the name thing does not say what it is",
        ]
    )
