"""Founding organizations and inviting people."""

from __future__ import annotations

from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.effects import Create, Put, VaultPut
from domain.people.codes import code_of
from domain.people.facts import OrganizationToBe
from domain.plan import Plan
from domain.refusals import Refusal
from tests.domain.asking import ACME, PLATFORM, ROW, asked, codes, journalled, only, planned, ref, row

ISSUER = {"identity.issuer": "https://issuer.example"}


@given(st.text(), st.sets(st.text(alphabet=ascii_uppercase + digits, min_size=2, max_size=8), max_size=50))
def test_every_name_gets_a_code(name: str, taken: set[str]) -> None:
    """Whatever the name, the code is free and has 2 to 8 upper-case letters or digits."""
    code = code_of(name, taken)
    assert 2 <= len(code) <= 8
    assert set(code) <= set(ascii_uppercase + digits)
    assert code not in taken


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Acme", set(), "ACME"),
        ("Acme Corporation", {"ACME"}, "ACME2"),
        ("Acme", {"ACME", "ACME2"}, "ACME3"),
        ("Brightclean", {"BRIGHTCL"}, "BRIGHTC2"),
        ("Müller & Söhne", set(), "MULLER"),
        ("H & M", set(), "HM"),
        ("A", set(), "ORG"),
        ("株式会社", set(), "ORG"),
        ("3M Deutschland", set(), "3M"),
    ],
)
def test_codes_come_from_names(name: str, taken: set[str], code: str) -> None:
    """The first word that can stand alone is the code; a taken one is numbered."""
    assert code_of(name, taken) == code


def found(name: str, kind: str = "buyer", parent_kind: str | None = None) -> Plan | Refusal:
    parent = ref("organization", ACME) if parent_kind or kind == "vendor" else None
    detail = OrganizationToBe(frozenset({"ACME"}), parent_kind)
    return asked(
        "organization.create", row("organization", None, detail, home=PLATFORM), _name=name, kind=kind, parent=parent
    )


def test_an_organization_is_founded_with_a_free_code() -> None:
    """Its row names kind, name and code."""
    plan = planned(found("Acme Two"))
    assert only(plan, Create).row == {"kind": "buyer", "name": "Acme Two", "code": "ACME2", "parent": None}
    assert plan.nouns["organization"].id == ROW


def test_there_is_one_platform() -> None:
    """Nobody founds a second platform, and all that is wrong is told at once."""
    assert codes(found("", "platform")) == {("kind", "ONE_PLATFORM"), ("name", "LENGTH")}


def test_a_unit_is_of_its_parents_kind() -> None:
    """A vendor cannot be a unit of a buyer, nor of an organization that is not there."""
    for parent in ("buyer", None):
        answer = found("Unit", "vendor", parent)
        assert codes(answer) == {("parentId", "KIND_DIFFERS")}


def invite(email: str, name: str = "Ada Lovelace") -> Plan | Refusal:
    return asked(
        "person.invite",
        row("person", None, None, home=PLATFORM),
        ISSUER,
        organization=ref("organization", ACME),
        _email=email,
        _name=name,
    )


def test_an_invited_person_has_an_account_where_invited() -> None:
    """The account knows the address in lower case; name and address are in the vault and nowhere in the journal."""
    plan = planned(invite(" Ada@Acme.Example "))
    account = only(plan, Put)
    assert (account.table, account.organization) == ("account", ACME)
    assert account.row["subject"] == "ada@acme.example"
    assert account.row["issuer"] == ISSUER["identity.issuer"]
    assert only(plan, Create).counterparty == ACME
    assert {put.field: put.text for put in plan.effects if isinstance(put, VaultPut)} == {
        "name": "Ada Lovelace",
        "email": "ada@acme.example",
    }
    assert "ada" not in journalled(plan).lower()
    assert plan.exists["account"].code == "INVALID"


@pytest.mark.parametrize("email", ["ada", "ada@", "@acme.example", "a b@acme.example", "ada@acme", "a\x00@b.example"])
def test_an_address_is_an_address(email: str) -> None:
    """What cannot be an e-mail address is refused."""
    assert codes(invite(email)) == {("email", "EMAIL")}


def test_a_name_is_bounded() -> None:
    """No empty, endless or unprintable names."""
    for name, code in (
        ("  ", "LENGTH"),
        ("x" * 201, "LENGTH"),
        ("a\x00b", "CONTROL_CHARACTER"),
        ("\ud800", "CONTROL_CHARACTER"),
    ):
        assert codes(invite("ada@acme.example", name)) == {("name", code)}
