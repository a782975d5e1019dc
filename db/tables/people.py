"""Organizations, people, their accounts and address books; names and addresses themselves are in the vault."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.tables.columns import Noun, Row, head, instant, one_of, rule, words


class Organization(Noun, table=True):
    __tablename__ = "organization"
    __table_args__ = (
        head("organization"),
        UniqueConstraint("organization", "code"),
        ForeignKeyConstraint(
            ["organization", "parent"],
            ["organization.organization", "organization.id"],
            name="organization_parent_fkey",
            deferrable=True,
            initially="DEFERRED",
        ),
        one_of("kind", ("buyer", "vendor", "platform")),
        rule("code_is_short", "code ~ '^[A-Z0-9]{2,8}$'"),
        Index("organization_name_ix", "organization", "name", "id"),
        Index("organization_id_ix", "id"),
        {"info": {"reads": "organization", "frozen": ("kind", "code"), "kept": ("standing_epoch",)}},
    )

    kind: str = words()
    name: str = words()
    code: str = words()
    parent: UUID | None
    standing_epoch: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


class Person(Noun, table=True):
    __tablename__ = "person"
    __table_args__ = (
        head("person"),
        Index("person_id_ix", "id"),
        {"info": {"reads": "person", "kept": ("authority_epoch",)}},
    )

    authority_epoch: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


class Account(Row, table=True):
    """One login of one person; lives in the organization it was invited to."""

    __tablename__ = "account"
    __table_args__ = (
        Index("account_issuer_subject_key", "issuer", "subject", unique=True),
        Index("account_person_ix", "person"),
        {
            "info": {
                "by_effect": True,
                "of": ("person",),
                "reads": "account",
                "frozen": ("person", "issuer", "subject"),
            }
        },
    )

    person: UUID
    issuer: str = words()
    subject: str = words()
    created_at: datetime = instant(now=True)


class AddressBookEntry(Row, table=True):
    __tablename__ = "address_book_entry"
    __table_args__ = (rule("country_is_iso", "country ~ '^[A-Z]{2}$'"), {"info": {"by_effect": True}})

    label: str = words()
    ship_to: bool
    bill_to: bool
    country: str = words()
