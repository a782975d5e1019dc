"""People and organizations."""

from __future__ import annotations

from enum import auto
from typing import Any

import strawberry

from db.people import ACCOUNTS_OF_PERSON, ENTRIES, UNITS
from domain.people import model
from resolvers import access, people, vendors
from resolvers.people import MEMBERS
from schema.bind import Info, Words, computed, described, field, listed, many, noticed, one, paged, shows, taken, told
from schema.changes import Answer, Keyed
from schema.kinds import Role
from schema.loaders import load
from schema.names import GrantConnectionT, SessionConnectionT, VendorT
from schema.scalars import DateTime
from schema.shared import Address, Governed, Node, PageInfo, sealed, texts


@listed
class OrganizationKind(Words):
    """The three sides of the marketplace."""

    BUYER = auto()
    VENDOR = auto()
    PLATFORM = auto()


@taken
class PersonFilter:
    """Which people."""

    text: str | None = strawberry.UNSET
    organization_ids: list[strawberry.ID] | None = strawberry.UNSET
    roles: list[Role] | None = strawberry.UNSET


@taken
class OrganizationFilter:
    """Which organizations."""

    text: str | None = strawberry.UNSET
    kinds: list[OrganizationKind] | None = strawberry.UNSET


async def _named(root: model.Person, info: Info) -> str:
    return await load(info.context, texts, people.name(root)) or "Somebody who was forgotten"


def address_at(place: Any, description: str | None = None, *, group: str | None = None, semantic: bool = False) -> Any:
    """A postal address out of the vault; null where it was erased."""

    async def resolve(root: Any, info: Info) -> Any:
        return people.address(await load(info.context, texts, place(root)))

    return field(resolve, description, group=group, semantic=semantic)


_LIVE = {"live": (bool | None, True)}


@shows(model.Person)
class Person(Governed):
    """A natural person. Several accounts of one person count as one for separation of duties."""

    label: str = field(_named, "The name.")
    name: str | None = sealed(people.name, "Null after erasure.", semantic=True)
    accounts: list[Account] | None = many(ACCOUNTS_OF_PERSON, semantic=True, group="contact")
    email: str | None = sealed(people.email, semantic=True, group="contact")
    grants: GrantConnectionT | None = paged(access.OF_PERSON, more=_LIVE)
    sessions: SessionConnectionT | None = paged(access.SESSIONS, more=_LIVE)
    authority_epoch: int | None = told(
        "authority_epoch",
        "Grows when a grant or a revoke changes what the person may do; permits from before are void.",
        group="access",
        semantic=True,
    )


@shows(model.Account)
class Account(Node):
    """One login of a person."""

    login: str
    person: Person = one(people.person_of_account, semantic=False)
    created_at: DateTime


@described
class PersonEdge:
    """A person on a page."""

    cursor: str
    node: Person | None = noticed()


@described
class PersonConnection:
    """A page of persons."""

    edges: list[PersonEdge]
    page_info: PageInfo


@shows(model.Organization)
class Organization(Governed):
    """Somebody a person can act for: a buyer, a vendor or the platform."""

    name: str
    kind: OrganizationKind
    parent: Organization | None = one(people.parent_of, "The organization this one is a unit of.", optional=True)
    units: list[Organization] = many(UNITS)
    address_book: list[AddressBookEntry] | None = many(ENTRIES, semantic=True, group="address_book")
    vendor: VendorT | None = computed(vendors.vendors_of, "The vendor this organization runs, for `VENDOR`.")
    people: PersonConnection | None = paged(MEMBERS, filter=PersonFilter)
    grants: GrantConnectionT | None = paged(access.OF_ORGANIZATION, more=_LIVE)


@described
class OrganizationEdge:
    """An organization on a page."""

    cursor: str
    node: Organization | None = noticed()


@described
class OrganizationConnection:
    """A page of organizations."""

    edges: list[OrganizationEdge]
    page_info: PageInfo


@shows(model.AddressBookEntry)
class AddressBookEntry(Node):
    """An address kept for reuse."""

    label: str = told("entry_label")
    address: Address | None = address_at(people.entry_address, semantic=True)
    ship_to: bool
    bill_to: bool


@taken
class OrganizationCreateInput(Keyed):
    """Input of `organizationCreate`."""

    kind: OrganizationKind
    name: str
    parent_id: strawberry.ID | None = strawberry.UNSET


@described
class OrganizationCreatePayload(Answer):
    """Answer of `organizationCreate`."""

    organization: Organization | None


@taken
class PersonInviteInput(Keyed):
    """Input of `personInvite`."""

    organization_id: strawberry.ID
    email: str
    name: str


@described
class PersonInvitePayload(Answer):
    """Answer of `personInvite`."""

    person: Person | None
