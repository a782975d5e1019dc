"""People, their logins, organizations and address books as they are read; names and addresses come from the vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity, Governed


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Governed):
    noun: ClassVar[str] = "person"
    authority_epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Entity):
    """One login; `home` is the organization that the person was invited to."""

    noun: ClassVar[str] = "account"
    person: UUID
    login: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Governed):
    noun: ClassVar[str] = "organization"
    name: str
    kind: str
    parent: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBookEntry(Entity):
    noun: ClassVar[str] = "address_book_entry"
    entry_label: str
    ship_to: bool
    bill_to: bool
    country: str


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address, opened from the vault."""

    recipient: str
    lines: tuple[str, ...]
    postal_code: str | None
    city: str
    region: str | None
    country: str
