"""How people, their logins, organizations and address books are read."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Filter, Relation, Sort, Source, contains, one_of
from domain.people.model import Account, AddressBookEntry, Organization, Person

_MEMBER = """exists (select from account a where a.organization = {place} and a.person = r.id)
    or exists (select from "grant" g where g.counterparty = {place} and g.person = r.id and g.state = 'live')"""
_HOLDS = """exists (select from "grant" g where g.person = r.id and g.state = 'live'
    and (g.valid_until is null or g.valid_until > clock_timestamp()) and g.{})"""

PEOPLE: Source[Person] = Source(
    model=Person,
    table="person",
    columns={"label": "'Person'"},
    scope=Scope(own="r.id = {person}", counterpart=f"(r.id = {{person}} or {_MEMBER.format(place='{org}')})"),
    sorts={"created_at": Sort("r.created_at", "timestamptz")},
    filters={
        "text": Filter(
            "exists (select from account a where a.person = r.id and a.subject ilike '%' || {} || '%')",
            "text",
            pattern=True,
        ),
        "organization_ids": Filter(f"({_MEMBER.format(place='any({0})')})", "uuid[]"),
        "roles": Filter(_HOLDS.format("role = any({})"), "text[]"),
    },
)
ACCOUNTS: Source[Account] = Source(
    model=Account,
    table="account",
    columns={"login": "r.subject"},
    scope=Scope(own="r.person = {person}", counterpart="(r.organization = {org} or r.person = {person})"),
)
# Whoever sells or runs the marketplace is known by name to everybody, a buyer to those who sell to it or work for it.
ORGANIZATIONS: Source[Organization] = Source(
    model=Organization,
    table="organization",
    columns={"label": "r.name"},
    scope=Scope(
        own="r.id = {org}",
        organization="r.id = {org}",
        counterpart="r.id = {org}",
        known="""r.kind <> 'buyer'
            or exists (select from orders o where o.counterparty = {org} and o.organization = r.id)
            or exists (select from "grant" g where g.person = {person} and g.counterparty = r.id)""",
    ),
    sorts={"name": Sort("r.name", "text")},
    filters={"text": contains("r.name"), "kinds": one_of("r.kind")},
)
ADDRESS_BOOK: Source[AddressBookEntry] = Source(
    model=AddressBookEntry,
    table="address_book_entry",
    cells="organization",
    group="address_book",
    columns={"entry_label": "r.label"},
    scope=Scope(counterpart="r.organization = {org}"),
)

PEOPLE_ALL = Relation(PEOPLE)
ORGANIZATIONS_ALL = Relation(ORGANIZATIONS)
PEOPLE_OF_ORGANIZATION = Relation(PEOPLE, f"({_MEMBER.format(place='p.id')})")
ACCOUNTS_OF_PERSON = Relation(ACCOUNTS, "r.person = p.id", "r.created_at, r.id")
UNITS = Relation(ORGANIZATIONS, "r.organization = p.home and r.parent = p.id", "r.name, r.id")
ENTRIES = Relation(ADDRESS_BOOK, "r.organization = p.id", "r.label, r.id")
