"""Purchases: one per checkout; the addresses are snapshots in the vault."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.tables.columns import Noun, head, parent, rule, words


class Purchase(Noun, table=True):
    __tablename__ = "purchase"
    __table_args__ = (
        head("purchase"),
        parent("purchase", "cart", "cart", later=True),
        UniqueConstraint("organization", "number"),
        rule("total_is_not_negative", "total_minor >= 0"),
        Index("purchase_created_at_ix", "organization", "created_at", "id"),
        Index("purchase_cart_ix", "organization", "cart"),
        {
            "info": {
                "settable": ("failure",),
                "makers": ("placed_by",),
                "frozen": (
                    "number",
                    "cart",
                    "placed_by",
                    "reference",
                    "total_minor",
                    "currency",
                    "payment_method",
                    "tax_country",
                ),
            }
        },
    )

    number: str = words()
    cart: UUID | None
    placed_by: UUID
    reference: str | None = words(nullable=True)
    total_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
    payment_method: str = words()
    tax_country: str = words()
    failure: dict[str, Any] | None = Field(sa_type=JSONB, nullable=True)
