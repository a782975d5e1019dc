"""Personal data and free text, encrypted; erasing a subject destroys its keys and leaves everything else verifiable."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlmodel import Field

from db.tables.columns import Homed, instant, rule, words


class VaultKey(Homed, table=True):
    __tablename__ = "vault_key"
    __table_args__ = (
        rule("is_whole_or_destroyed", "(wrapped is null) = (destroyed_at is not null)"),
        {"info": {"reads": "vault_key"}},
    )

    subject: UUID = Field(primary_key=True)
    field: str = words(primary_key=True)
    wrapped: bytes | None = Field(sa_type=LargeBinary, nullable=True)
    destroyed_at: datetime | None = instant(nullable=True)


class Vault(Homed, table=True):
    __tablename__ = "vault"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization", "subject", "field"],
            ["vault_key.organization", "vault_key.subject", "vault_key.field"],
            name="vault_key_fkey",
        ),
        {"info": {"reads": "vault"}},
    )

    subject: UUID = Field(primary_key=True)
    field: str = words(primary_key=True)
    cipher: bytes = Field(sa_type=LargeBinary, nullable=False)
