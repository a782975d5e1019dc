"""Carts and their lines."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.tables.columns import Noun, Row, head, parent, rule, words


class Cart(Noun, table=True):
    __tablename__ = "cart"
    __table_args__ = (
        head("cart"),
        parent("cart", "purchase", "purchase", later=True, circular=True),
        Index("cart_owner_ix", "organization", "owner", "updated_at", "id"),
        Index("cart_updated_at_ix", "organization", "updated_at", "id"),
        {
            "info": {
                "settable": ("edited_total_minor", "purchase"),
                "makers": ("owner",),
                "frozen": ("owner", "currency"),
            }
        },
    )

    owner: UUID
    currency: str = words()
    edited_total_minor: int | None = Field(sa_type=BigInteger)
    purchase: UUID | None


class CartLine(Row, table=True):
    __tablename__ = "cart_line"
    __table_args__ = (
        parent("cart_line", "cart", "cart", later=True),
        UniqueConstraint("organization", "cart", "variant"),
        rule("quantity_is_sane", "quantity between 1 and 10000"),
    )

    cart: UUID
    variant: UUID
    variant_home: UUID
    sku: str = words()
    quantity: int
    seen_price_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
    options: list[Any] = Field(sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text("'[]'::jsonb")})
    handling: list[str] = Field(sa_type=ARRAY(Text), nullable=False, sa_column_kwargs={"server_default": text("'{}'")})
