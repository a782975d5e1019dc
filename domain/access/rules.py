"""What a grant, its end, and a session come to; whoever may is the policy's answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.access.facts import GrantHeld, GrantToBe, SessionTarget
from domain.access.roles import KINDS
from domain.command import Command
from domain.effects import EpochBump, VaultPut
from domain.facts import Facts
from domain.plan import Plan, Rule, advance, create
from domain.refusals import Invalid, NotFound, Refusal, Violation, invalid
from domain.text import REASON, text_violation, told

_NO_LIMIT: Mapping[str, Any] = dict.fromkeys(
    ("limit_purchase_minor", "limit_period_minor", "limit_period_s", "limit_currency")
)


def grant_issue(facts: Facts[GrantToBe], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """A role of a person in an organization; every permit that the person has is void from here on."""
    args, resource = command.args, facts.resource
    if resource is None or resource.detail is None:
        raise ValueError("grant.issue needs its facts")
    role, person, organization = args["role"], args["person"], args["organization"]
    refused = told(
        text_violation("reason", args["_reason"], REASON),
        *_misfits(role, resource.detail.organization_kind, args),
        *_bad_validity(args, int(facts.context.now.timestamp())),
    )
    if refused is not None:
        return refused
    row = {
        "person": person.id,
        "role": role,
        "valid_from": _instant(args["valid_from"]) or facts.context.now,
        "valid_until": _instant(args["valid_until"]),
        "granted_by": command.actor.person,
        **limits_of(args["spend_limit"]),
    }
    payload = {"person": str(person.id), "role": role}
    issued = create("grant.issue", resource.home, resource.id, row, counterparty=organization.id, payload=payload)
    reason = VaultPut(resource.home, resource.id, "reason", args["_reason"].strip())
    return Plan(effects=(EpochBump(person.id), issued, reason), nouns={"grant": resource.ref})


def limits_of(spend_limit: Mapping[str, Any] | None) -> dict[str, Any]:
    """The columns of a spend limit, null together."""
    if spend_limit is None:
        return dict(_NO_LIMIT)
    return {
        "limit_purchase_minor": spend_limit["per_purchase"].minor,
        "limit_period_minor": spend_limit["per_period"].minor,
        "limit_period_s": spend_limit["period_s"],
        "limit_currency": spend_limit["per_purchase"].currency,
    }


def _misfits(role: str, kind: str, args: Mapping[str, Any]) -> tuple[Violation, ...]:
    found = []
    if kind not in KINDS.get(role, frozenset()):
        found.append(Violation(("role",), "ROLE_MISPLACED", f"This role cannot be held in a {kind} organization."))
    if args["spend_limit"] is not None and role != "buyer":
        found.append(Violation(("spendLimit",), "NOT_A_BUYER", "Only a buyer spends."))
    return tuple(found)


def _bad_validity(args: Mapping[str, Any], now: int) -> tuple[Violation, ...]:
    until = args["valid_until"]
    if until is not None and until <= max(now, args["valid_from"] or now):
        return (Violation(("validUntil",), "ENDS_TOO_EARLY", "Must be later than its beginning and than now."),)
    return ()


def _instant(epoch: int | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def grant_revoke(facts: Facts[GrantHeld], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """The end of a grant; every permit that the person has is void from here on."""
    resource = facts.resource
    if resource is None or resource.detail is None:
        raise ValueError("grant.revoke needs its facts")
    refused = _bad_reason(command)
    if refused is not None:
        return refused
    ended = {"revoked_by": command.actor.person, "revoked_at": facts.context.now}
    return Plan(
        effects=(
            EpochBump(resource.detail.person),
            advance(resource, "grant.revoke", ended),
            VaultPut(resource.home, resource.id, "revocation", command.args["_reason"].strip()),
        ),
        nouns={"grant": resource.ref},
    )


def session_start(facts: Facts[None], command: Command, new_id: Callable[[], UUID]) -> Plan:
    """A session of a verified bearer token, made at its first use; it gives no authority.

    The command has no target and no key; its actor is `Actor(platform, person)`. Arguments: `account`, `person` (UUID),
    `acting_for` (UUID or None: whom the account acts for at first), `_issuer`, `_token_id` (the token's `sid`, else
    `jti`), `_client` (text or None). `outcome.nouns["session"]` is the new session. A session of the same account and
    token may have been made meanwhile: then the refusal is INVALID `SESSION_KNOWN`; look it up again.
    """
    resource = facts.resource
    if resource is None:
        raise ValueError("session.start needs its facts")
    args = command.args
    row = {
        "person": args["person"],
        "account": args["account"],
        "acting_for": args["acting_for"],
        "issuer": args["_issuer"],
        "token_id": args["_token_id"],
        "client": args["_client"],
        "started_at": facts.context.now,
        "last_seen_at": facts.context.now,
    }
    return Plan(
        effects=(create("session.start", resource.home, resource.id, row, counterparty=resource.counterparty),),
        nouns={"session": resource.ref},
        exists={"session": invalid("token", "SESSION_KNOWN", "This token has a session already.")},
    )


def session_switch(facts: Facts[SessionTarget], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """Act for another organization in which the person holds a live grant."""
    resource, organization = facts.resource, command.args["organization"]
    if resource is None or resource.detail is None:
        raise ValueError("session.switch needs its facts")
    if not resource.detail.target_roles:
        return NotFound()
    switched = advance(resource, "session.switch", {"acting_for": organization.id})
    return Plan(effects=(switched,), nouns={"session": resource.ref})


def session_revoke(facts: Facts[SessionTarget], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """The end of a session: whatever it asked and has not written yet is refused."""
    resource = facts.resource
    if resource is None:
        raise ValueError("session.revoke needs its facts")
    refused = _bad_reason(command)
    if refused is not None:
        return refused
    return Plan(
        effects=(
            advance(resource, "session.revoke", {"revoked_at": facts.context.now}),
            VaultPut(resource.home, resource.id, "revocation", command.args["_reason"].strip()),
        ),
        nouns={"session": resource.ref},
    )


def _bad_reason(command: Command) -> Invalid | None:
    return told(text_violation("reason", command.args["_reason"], REASON))


RULES: dict[str, Rule] = {
    "grant.issue": grant_issue,
    "grant.revoke": grant_revoke,
    "session.start": session_start,
    "session.switch": session_switch,
    "session.revoke": session_revoke,
}
