"""The demo's organizations, vendors, people, accounts, grants and addresses, as effects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from cli.seed_data import CURRENCY, load, seeded
from domain.access.rules import limits_of
from domain.effects import Effect, Put, VaultPut
from domain.money import Money
from domain.people.codes import code_of
from domain.plan import create

PERIOD_S = 30 * 86_400
PERIODS = 10  # how many purchases at the limit fit into one period


def platform() -> UUID:
    return seeded("organization", load("organizations")["platform"])


def organizations() -> Iterator[Effect]:
    """All of them, buyers with their address, vendors with their vendor."""
    home, taken = platform(), set[str]()
    for one in load("organizations")["organizations"]:
        id, code = seeded("organization", one["name"]), code_of(one["name"], taken)
        taken.add(code)
        row = {"kind": one["kind"], "name": one["name"], "code": code, "parent": None}
        yield create("organization.create", home, id, row, payload={"kind": one["kind"], "code": code})
        if "address" in one:
            yield from _address(id, one)
        if "vendor" in one:
            vendor = {"name": one["name"], "country": one["vendor"]}
            yield create("vendor.install", id, seeded("vendor", one["name"]), vendor)


def _address(organization: UUID, one: Mapping[str, Any]) -> Iterator[Effect]:
    entry = seeded("address", one["name"])
    row = {"label": "Main address", "ship_to": True, "bill_to": True, "country": one["address"]["country"]}
    yield Put("address_book_entry", organization, entry, row)
    yield VaultPut(organization, entry, "address", json.dumps(one["address"], ensure_ascii=False))


def people(issuer: str) -> Iterator[Effect]:
    """Persons with their accounts and grants."""
    home = platform()
    for one in load("organizations")["people"]:
        logins = one["logins"]
        person = person_of(logins[0]["login"])
        invited_to = seeded("organization", logins[0]["organization"])
        yield create("person.invite", home, person, {}, counterparty=invited_to)
        yield VaultPut(home, person, "name", one["name"])
        yield VaultPut(home, person, "email", logins[0]["login"])
        for login in logins:
            yield from _login(home, person, login, issuer)


def person_of(login: str) -> UUID:
    """Whoever signs in with this login; one person may have several."""
    for one in load("organizations")["people"]:
        logins = [account["login"] for account in one["logins"]]
        if login in logins:
            return seeded("person", logins[0])
    raise KeyError(login)


def _login(home: UUID, person: UUID, login: Mapping[str, Any], issuer: str) -> Iterator[Effect]:
    organization = seeded("organization", login["organization"])
    row = {"person": person, "issuer": issuer, "subject": login["login"]}
    yield Put("account", organization, seeded("account", login["login"]), row)
    for role in login["roles"]:
        grant = seeded("grant", f"{login['login']}:{role}")
        limit = login.get("limit") if role == "buyer" else None
        columns = {"person": person, "role": role, **limits_of(_limit(limit))}
        payload = {"person": str(person), "role": role}
        yield create("grant.issue", home, grant, columns, counterparty=organization, payload=payload)
        yield VaultPut(home, grant, "reason", "Came with the demo marketplace.")


def _limit(minor: int | None) -> Mapping[str, Any] | None:
    if minor is None:
        return None
    return {
        "per_purchase": Money(minor, CURRENCY),
        "per_period": Money(minor * PERIODS, CURRENCY),
        "period_s": PERIOD_S,
    }
