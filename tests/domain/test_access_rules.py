"""Grants and sessions: what they come to, and which are no grants at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.access.facts import GrantHeld, GrantToBe, SessionTarget
from domain.access.roles import KINDS
from domain.effects import Advance, Create, EpochBump, VaultPut
from domain.money import Money
from domain.plan import Plan
from domain.refusals import NotFound, Refusal
from tests.domain.asking import (
    ACME,
    EPOCH,
    NOW,
    PERSON,
    PLATFORM,
    ROW,
    asked,
    codes,
    journalled,
    only,
    planned,
    ref,
    row,
)

GRANTEE = UUID(int=30)
LIMIT = {"per_purchase": Money(100_000, "EUR"), "per_period": Money(500_000, "EUR"), "period_s": 2_592_000}


def issue(role: str = "buyer", kind: str = "buyer", **more: Any) -> Plan | Refusal:
    args = {"valid_from": None, "valid_until": None, "spend_limit": None, "_reason": "joins the team", **more}
    return asked(
        "grant.issue",
        row("grant", None, GrantToBe(kind), home=PLATFORM),
        person=ref("person", GRANTEE),
        organization=ref("organization", ACME),
        role=role,
        **args,
    )


def test_a_grant_voids_the_permits_of_the_grantee() -> None:
    """It moves the grantee's epoch, says who granted, and keeps the reason out of the journal."""
    plan = planned(issue())
    created = only(plan, Create)
    assert only(plan, EpochBump).person == GRANTEE
    assert (created.counterparty, created.row["granted_by"], created.row["valid_from"]) == (ACME, PERSON, NOW)
    assert only(plan, VaultPut).text == "joins the team"
    assert "joins" not in journalled(plan)


def test_a_spend_limit_is_kept_in_minor_units() -> None:
    """Per purchase and per period, in one currency; none is four nulls."""
    with_limit = only(planned(issue(spend_limit=LIMIT)), Create).row
    assert with_limit["limit_purchase_minor"] == 100_000
    assert (with_limit["limit_period_minor"], with_limit["limit_period_s"]) == (500_000, 2_592_000)
    assert with_limit["limit_currency"] == "EUR"
    without = only(planned(issue()), Create).row
    assert {without[name] for name in without if name.startswith("limit_")} == {None}


@pytest.mark.parametrize("kind", ["buyer", "vendor", "platform"])
@pytest.mark.parametrize("role", [*sorted(KINDS), "system", "unheard_of"])
def test_a_role_is_held_where_it_belongs(role: str, kind: str) -> None:
    """Buyers in buyer organizations, staff on the platform; `system` is never granted."""
    answer = issue(role, kind)
    if kind in KINDS.get(role, ()):
        planned(answer)
    else:
        assert codes(answer) == {("role", "ROLE_MISPLACED")}


def test_only_buyers_have_spend_limits() -> None:
    """A limit on another role is a mistake."""
    assert codes(issue("auditor", "platform", spend_limit=LIMIT)) == {("spendLimit", "NOT_A_BUYER")}


def test_a_grant_ends_after_it_begins_and_after_now() -> None:
    """An interval that is over, or is none, is refused; a future one is fine."""
    assert codes(issue(valid_until=EPOCH - 1)) == {("validUntil", "ENDS_TOO_EARLY")}
    assert codes(issue(valid_from=EPOCH + 60, valid_until=EPOCH + 60)) == {("validUntil", "ENDS_TOO_EARLY")}
    later = only(planned(issue(valid_from=EPOCH + 60, valid_until=EPOCH + 120)), Create).row
    assert later["valid_until"] == datetime.fromtimestamp(EPOCH + 120, UTC)


def test_a_grant_needs_a_reason() -> None:
    """Nobody is given a role without a word."""
    assert codes(issue(_reason=" ")) == {("reason", "LENGTH")}


def test_a_revoked_grant_says_who_and_when() -> None:
    """The grantee's permits are void from here on."""
    plan = planned(asked("grant.revoke", row("grant", "live", GrantHeld(GRANTEE), 3, PLATFORM), _reason="left"))
    ended = only(plan, Advance)
    assert (ended.version, ended.source, ended.target) == (3, "live", "revoked")
    assert ended.set == {"revoked_by": PERSON, "revoked_at": NOW}
    assert only(plan, EpochBump).person == GRANTEE


def test_a_session_starts_for_one_token() -> None:
    """A second one of the same account and token is no new session."""
    resource = row("session", None, None, home=PLATFORM)
    plan = planned(
        asked(
            "session.start",
            resource,
            account=UUID(int=40),
            person=PERSON,
            acting_for=ACME,
            _issuer="https://issuer.example",
            _token_id="jti-1",
            _client=None,
        )
    )
    assert only(plan, Create).row["acting_for"] == ACME
    assert plan.nouns["session"].id == ROW
    assert codes(plan.exists["session"]) == {("token", "SESSION_KNOWN")}
    assert "jti-1" not in journalled(plan)


def test_a_session_switches_only_to_where_roles_are_held() -> None:
    """Without a live grant there, nothing moves."""

    def switch(roles: tuple[str, ...]) -> Plan | Refusal:
        resource = row("session", "live", SessionTarget(roles), home=PLATFORM)
        return asked("session.switch", resource, organization=ref("organization", ACME))

    assert only(planned(switch(("buyer",))), Advance).set == {"acting_for": ACME}
    assert switch(()) == NotFound()


def test_a_session_is_revoked_with_a_reason() -> None:
    """The reason goes to the vault."""
    resource = row("session", "live", SessionTarget(), home=PLATFORM)
    plan = planned(asked("session.revoke", resource, _reason="lost phone"))
    assert only(plan, Advance).target == "revoked"
    assert only(plan, VaultPut).text == "lost phone"
    assert codes(asked("session.revoke", resource, _reason="x" * 1_001)) == {("reason", "LENGTH")}
