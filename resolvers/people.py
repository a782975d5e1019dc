"""People and organizations: names, logins and addresses, opened from the vault where policy shows them."""

from __future__ import annotations

import json

from db import people
from db.vault import Place
from domain.command import Ref
from domain.people.model import Account, Address, AddressBookEntry, Organization, Person
from resolvers.context import Context
from resolvers.nodes import organization, person
from resolvers.paging import Listing

_IDS = {"organization_ids": ("organization",)}
PEOPLE = Listing(people.PEOPLE_ALL, "created_at", ids=_IDS)
MEMBERS = Listing(people.PEOPLE_OF_ORGANIZATION, "created_at", ids=_IDS)
ORGANIZATIONS = Listing(people.ORGANIZATIONS_ALL, "name", descending=False)


def name(someone: Person) -> Place:
    return someone.home, someone.id, "name"


def email(someone: Person) -> Place:
    return someone.home, someone.id, "email"


def entry_address(entry: AddressBookEntry) -> Place:
    return entry.home, entry.id, "address"


def person_of_account(context: Context, account: Account) -> Ref | None:
    return person(context, account.person)


def parent_of(context: Context, unit: Organization) -> Ref | None:
    return organization(context, unit.parent)


def address(text: str | None) -> Address | None:
    """The value that the vault keeps as JSON."""
    if text is None:
        return None
    kept = json.loads(text)
    return Address(
        recipient=kept["recipient"],
        lines=tuple(kept["lines"]),
        postal_code=kept.get("postal_code"),
        city=kept["city"],
        region=kept.get("region"),
        country=kept["country"],
    )
