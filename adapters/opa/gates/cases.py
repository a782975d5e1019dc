"""Every role x action x state x relation of the world, as inputs; which answers are right is said elsewhere."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.opa import tree
from adapters.opa.contract import ROLES
from adapters.opa.gates import world
from adapters.opa.gates.world import ME, ORGANIZATIONS, SOMEBODY, Json
from adapters.opa.schemas import asked_actions
from domain.machines import ACTIONS, MACHINE_OF

NOBODY = "(no role)"
# Notes are about an order, but for roles that see none.
_WRITES_ABOUT = {"compliance_author": "vendor", "organization_admin": "account"}


@dataclass(frozen=True, slots=True)
class Case:
    action: str
    role: str
    relation: str
    state: str | None
    input: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Relation:
    """Who acts, for whom, and whose object it is."""

    name: str
    kind: str
    organization: str
    owner: str = SOMEBODY
    behalf: str | None = None


def all_cases() -> Iterator[Case]:
    for action in asked_actions():
        for role in (*ROLES, NOBODY, "system"):
            for relation in _relations(action, role):
                yield from _in_every_state(action, role, relation)


def _in_every_state(action: str, role: str, relation: _Relation) -> Iterator[Case]:
    machine = MACHINE_OF[action]
    for state in (None,) if ACTIONS[action].creates else machine.states:
        found = question(action, role, relation, state)
        yield Case(action, role, relation.name, state, found)
        for duty in ACTIONS[action].apart_from if role in tree.rows()[action] else ():
            did = copy.deepcopy(found)
            did["resource"]["actors"][duty] = [ME]
            yield Case(action, role, f"{relation.name}, did {duty}", state, did)


def question(action: str, role: str, relation: _Relation, state: str | None) -> Json:
    kind = relation.kind if relation.behalf is None else "vendor"
    resource = world.resource(action, state, kind, relation.owner)
    if role == "system":
        subject = world.system_subject(relation.kind, relation.organization, relation.behalf)
    else:
        roles = [] if role == NOBODY else [role]
        subject = world.person_subject(roles, relation.kind, relation.organization)
    if action == "grant.issue":
        resource["parents"]["organization_kind"] = relation.kind
    if action == "note.add" and role in _WRITES_ABOUT:
        resource["parents"]["subject"]["noun"] = _WRITES_ABOUT[role]
    return {
        "subject": subject,
        "action": world.action_part(action, state, resource),
        "resource": resource,
        "context": world.context(),
    }


def _relations(action: str, role: str) -> Iterator[_Relation]:
    if role == "system":
        yield from _of_the_system(action)
        return
    kinds = ["buyer"] if role == NOBODY else tree.cells("roles")[role]
    for kind in kinds:
        suffix = f" ({kind})" if len(kinds) > 1 else ""
        for relation in _of_a_person(action, kind):
            yield _Relation(relation.name + suffix, kind, relation.organization, relation.owner)


def _of_a_person(action: str, kind: str) -> Iterator[_Relation]:
    """Ways in which somebody who acts for an organization of `kind` may stand to the object."""
    home = world.home_kind(MACHINE_OF[action])
    party, stranger = ORGANIZATIONS[kind]
    owned = world.has_owner(action)
    if kind == home:
        yield _Relation("home", kind, party)
        if owned:
            yield _Relation("own", kind, party, ME)
    elif kind == world.other_side(action, kind):
        yield _Relation("other side", kind, party)
        if owned:
            yield _Relation("own, other side", kind, party, ME)
    elif kind == "platform":
        yield _Relation("platform", kind, party)
    if kind != "platform":
        yield _Relation("stranger", kind, stranger)
        if owned:
            yield _Relation("own, elsewhere", kind, stranger, ME)


def _of_the_system(action: str) -> Iterator[_Relation]:
    home = world.home_kind(MACHINE_OF[action])
    party, stranger = ORGANIZATIONS[home]
    yield _Relation("timer", home, party)
    yield _Relation("for the buyer", home, party, ME, behalf=ORGANIZATIONS["buyer"][0])
    yield _Relation("for the vendor", home, party, behalf=ORGANIZATIONS["vendor"][0])
    yield _Relation("for a stranger", home, party, behalf=ORGANIZATIONS["vendor"][1])
    if stranger != party:
        yield _Relation("elsewhere", home, stranger)


# What one action asks beside role, relation and state: (label, path into the input, value).
VARIANTS: dict[str, tuple[tuple[str, tuple[str, ...], Any], ...]] = {
    "grant.issue": (
        ("to oneself", ("action", "args", "person", "id"), ME),
        ("a role that does not fit", ("action", "args", "role"), "finance"),
        ("somebody who audits", ("resource", "parents", "grantee_roles"), [{"organization": ME, "role": "auditor"}]),
    ),
    "session.switch": (("where one has no role", ("resource", "parents", "target_roles"), []),),
    "checkout.complete": (
        (
            "one vendor suspended",
            ("resource", "parents", "vendors"),
            [world.vendor_fact(), world.vendor_fact("suspended")],
        ),
    ),
    "service.create": (("vendor applied", ("resource", "parents", "vendor"), world.vendor_fact("applied")),),
    "service.publish": (("vendor applied", ("resource", "parents", "vendor"), world.vendor_fact("applied")),),
    "note.add": (("for the platform alone", ("action", "args", "visibility"), "platform"),),
}


def variant(case: Case, label: str, path: tuple[str, ...], value: Any) -> Case:
    """The case with one fact changed."""
    changed = copy.deepcopy(case.input)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return Case(case.action, case.role, f"{case.relation}, {label}", case.state, changed)
