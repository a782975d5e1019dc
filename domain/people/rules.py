"""What founding an organization and inviting a person come to; who may is the policy's answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from domain.command import Command, Ref
from domain.effects import Put, VaultPut
from domain.facts import Facts
from domain.people.codes import code_of
from domain.people.facts import OrganizationToBe
from domain.plan import Plan, Rule, create
from domain.refusals import Refusal, Violation, invalid
from domain.text import LINE, text_violation, told

ISSUER = "identity.issuer"  # the runtime setting that names who signs invited people in
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_EMAIL_LIMIT = 254


def organization_create(facts: Facts[OrganizationToBe], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """A buyer or a vendor organization, maybe as a unit of another of its kind, with a code from its name."""
    name, kind, parent = command.args["_name"], command.args["kind"], command.args["parent"]
    resource = facts.resource
    if resource is None or resource.detail is None:
        raise ValueError("organization.create needs its facts")
    detail = resource.detail
    refused = told(
        text_violation("name", name, LINE),
        Violation(("kind",), "ONE_PLATFORM", "There is one platform.") if kind == "platform" else None,
    )
    if refused is not None:
        return refused
    if parent is not None and detail.parent_kind != kind:
        return invalid("parentId", "KIND_DIFFERS", "An organization is a unit of another one of the same kind.")
    code = code_of(name, detail.codes)
    row = {"kind": kind, "name": name.strip(), "code": code, "parent": parent.id if parent else None}
    payload = {"kind": kind, "code": code}
    return Plan(
        effects=(create("organization.create", resource.home, resource.id, row, payload=payload),),
        nouns={"organization": resource.ref},
    )


def person_invite(facts: Facts[None], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """A person and the first account, known to the issuer by the e-mail address; the name goes to the vault."""
    name, email = command.args["_name"], command.args["_email"]
    organization: Ref = command.args["organization"]
    resource = facts.resource
    if resource is None:
        raise ValueError("person.invite needs its facts")
    refused = told(text_violation("name", name, LINE), _email_violation(email))
    if refused is not None:
        return refused
    login = email.strip().lower()
    home, person, account = resource.home, resource.id, new_id()
    row = {"person": person, "issuer": facts.context.settings[ISSUER], "subject": login}
    payload = {"account": str(account)}
    return Plan(
        effects=(
            create("person.invite", home, person, {}, counterparty=organization.id, payload=payload),
            Put("account", organization.id, account, row),
            VaultPut(home, person, "name", name.strip()),
            VaultPut(home, person, "email", login),
        ),
        nouns={"person": resource.ref},
        exists={"account": invalid("email", "EMAIL_TAKEN", "Somebody has an account with this address already.")},
    )


def _email_violation(email: str) -> Violation | None:
    address = email.strip()
    if text_violation("email", address, _EMAIL_LIMIT) is not None or _EMAIL.fullmatch(address) is None:
        return Violation(("email",), "EMAIL", "Must be an e-mail address.")
    return None


RULES: dict[str, Rule] = {"organization.create": organization_create, "person.invite": person_invite}
