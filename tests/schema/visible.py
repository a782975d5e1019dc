"""What each person ought to see, worked out a second time: cells straight from the YAML, rows as the database's owner.

Nothing of `domain/visibility.py`, `db/scopes.py` or row-level security is used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import yaml

MATRIX = Path(__file__).resolve().parents[2] / "policies" / "matrix"
WIDTH = ("none", "own", "organization", "counterpart", "all")

_NONE = "array[]::uuid[]"


def _rows(
    table: str, *, others: str = _NONE, owners: str = _NONE, open: str = "false", closed: str = "false", join: str = ""
) -> str:
    """All rows of a table: id, home, other sides, owners, whether everybody knows it (`open`), or nobody (`closed`)
    but those whose reach is `all`.
    """
    columns = f"{others} as others, {owners} as owners, {open} as open, {closed} as closed"
    return f"select r.id, r.organization as home, {columns} from {table} r {join}"


_ORDER = "join orders o on o.organization = r.organization and o.id = r.order_id"
_ON_SALE = "join variant v on v.organization = r.organization and v.id = r.{variant} join service s on s.id = v.service"
_PURCHASE = "join purchase q on q.organization = r.organization and q.id = r.purchase"
_SELLERS = "select o.counterparty from orders o where o.organization = r.id"
_MEMBERSHIPS = """array(select a.organization from account a where a.person = r.id
    union select g.counterparty from "grant" g where g.person = r.id and g.state = 'live')"""
_KNOWN_TO = f"""array({_SELLERS} union select g.person from "grant" g where g.counterparty = r.id)"""

# Noun of the wire -> noun and group of the cells that decide whether a row exists for somebody, and its rows.
ROWS: Mapping[str, tuple[str, str, str]] = {
    "organization": (
        *("organization", "summary"),
        _rows("organization", others="array[r.id]", owners=_KNOWN_TO, open="r.kind <> 'buyer'"),
    ),
    "address_book_entry": (
        *("organization", "address_book"),
        _rows("address_book_entry", others="array[r.organization]"),
    ),
    "person": ("person", "summary", _rows("person", others=_MEMBERSHIPS, owners="array[r.id]")),
    "account": ("account", "summary", _rows("account", others="array[r.organization]", owners="array[r.person]")),
    "grant": ("grant", "summary", _rows('"grant"', others="array[r.counterparty]", owners="array[r.person]")),
    "session": ("session", "summary", _rows("session", owners="array[r.person]")),
    "vendor": ("vendor", "summary", _rows("vendor", open="true")),
    "service": ("service", "summary", _rows("service", open="r.state = 'published'")),
    "variant": (
        *("variant", "summary"),
        _rows("variant", open="s.state = 'published'", join="join service s on s.id = r.service"),
    ),
    "price": ("variant", "prices", _rows("price")),
    "reservation": ("reservation", "summary", _rows("inventory_reservations")),
    "cart": ("cart", "summary", _rows("cart", owners="array[r.owner]")),
    "cart_line": (
        *("cart", "summary"),
        _rows("cart_line", owners="array[c.owner]", join="join cart c on c.id = r.cart"),
    ),
    "purchase": ("purchase", "summary", _rows("purchase", owners="array[r.placed_by]")),
    "order": ("order", "summary", _rows("orders", others="array[r.counterparty]", owners="array[r.placed_by]")),
    "order_line": (
        *("order", "summary"),
        _rows("order_items", others="array[r.counterparty]", owners="array[o.placed_by]", join=_ORDER),
    ),
    "approval": (
        *("order", "summary"),
        _rows("approval", others="array[r.counterparty]", owners="array[o.placed_by]", join=_ORDER),
    ),
    "payment": ("order", "payment", _rows("orders", others="array[r.counterparty]", owners="array[r.placed_by]")),
    "shipment": (
        *("shipment", "summary"),
        _rows("shipment", others="array[r.counterparty]", owners="array[o.placed_by]", join=_ORDER),
    ),
    "authorization": (
        *("authorization", "summary"),
        _rows('"authorization"', owners="array[q.placed_by]", join=_PURCHASE),
    ),
    "payment_attempt": ("authorization", "provider", _rows("payment_attempt")),
    "capture": ("capture", "summary", _rows("capture", others="array[r.counterparty]")),
    "saga": ("saga", "summary", _rows("saga", others="array_remove(array[r.counterparty], null)")),
    "note": (
        *("note", "summary"),
        _rows("note", others="array_remove(array[r.counterparty], null)", closed="r.visibility = 'platform'"),
    ),
    "journal_entry": (
        *("journal_entry", "summary"),
        _rows("journal", others="array_remove(array[r.counterparty], null)"),
    ),
    "decision": ("decision", "summary", _rows("decision", owners="array_remove(array[r.person], null)")),
    "policy_revision": ("policy_revision", "summary", _rows("policy_revision")),
    "runtime_setting": ("runtime_setting", "summary", _rows("runtime_setting")),
}
# Whose own things are seen only while acting for the organization in which they are.
_AT_HOME = frozenset({"order", "order_line", "cart", "cart_line", "purchase", "authorization", "shipment", "decision"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with the roles that count where they act."""

    id: UUID
    organization: UUID
    kind: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row and whose it is."""

    id: UUID
    home: UUID
    others: frozenset[UUID]
    owners: frozenset[UUID]
    open: bool
    closed: bool


@cache
def cells() -> Any:
    return yaml.safe_load((MATRIX / "reads.yaml").read_text(encoding="utf-8"))


@cache
def held_in() -> Any:
    return yaml.safe_load((MATRIX / "roles.yaml").read_text(encoding="utf-8"))


def reach(person: Person, noun: str, group: str) -> str:
    row: dict[str, str] = cells()["nouns"][noun][group]
    counting = {"anyone"} | {role for role in person.roles if person.kind in held_in()[role]}
    return max((row[role] for role in counting & row.keys()), key=WIDTH.index, default="none")


def sees(person: Person, noun: str, row: Row, group: str | None = None) -> bool:
    """Whether one person ought to see one row, or one group of its fields."""
    about, usual, _ = ROWS[noun]
    wide = reach(person, about, group or usual)
    if wide == "all":
        return True
    if row.closed:
        return False
    summary = (group or usual) == "summary"
    if summary and row.open and about in cells()["open"]:
        return True
    if summary and about == "organization" and _knows(person, row):
        return wide != "none"
    mine = person.id in row.owners and (noun not in _AT_HOME or row.home == person.organization)
    match wide:
        case "own":
            return mine
        case "organization":
            return row.home == person.organization
        case "counterpart":
            return person.organization in row.others or (about in _WIDER and mine)
        case _:
            return False


# Who sees those of the organization sees their own elsewhere, too.
_WIDER = frozenset({"person", "grant", "account"})


def _knows(person: Person, row: Row) -> bool:
    """Whoever sells is known by name to everybody, a buyer to those who sell to it or hold a role there."""
    return row.open or bool({person.organization, person.id} & row.owners)


async def person_of(owner: asyncpg.Connection, login: str) -> Person:
    """Who signs in with `login`, acting for whom they were invited by."""
    found = await owner.fetchrow(
        """select a.person, a.organization, o.kind, array(select g.role from "grant" g where g.person = a.person
             and g.counterparty = a.organization and g.state = 'live') as roles
             from account a join organization o on o.id = a.organization where a.subject = $1""",
        login,
    )
    return Person(found["person"], found["organization"], found["kind"], frozenset(found["roles"]))


async def logins(owner: asyncpg.Connection) -> list[str]:
    return [row["subject"] for row in await owner.fetch("select subject from account order by subject")]


async def rows_of(owner: asyncpg.Connection, noun: str) -> list[Row]:
    return [
        Row(r["id"], r["home"], frozenset(r["others"]), frozenset(r["owners"]), r["open"], r["closed"])
        for r in await owner.fetch(ROWS[noun][2] + " order by r.id")
    ]
