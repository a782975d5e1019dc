"""Stock in two numbers, and what is held of it for a purchase."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from db.tables.columns import Noun, head, instant, parent, rule


class Stock(Noun, table=True):
    __tablename__ = "stock"
    __table_args__ = (
        head("stock"),
        parent("stock", "variant", "variant", later=True),
        rule("is_never_oversold", "0 <= reserved and reserved <= on_hand"),
        Index("stock_variant_key", "organization", "variant", unique=True),
        {"info": {"reads": "of_variant", "frozen": ("variant",)}},
    )

    variant: UUID
    on_hand: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    reserved: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class Reservation(Noun, table=True):
    __tablename__ = "inventory_reservations"
    __table_args__ = (
        head("inventory_reservations"),
        parent("inventory_reservations", "variant", "variant", later=True),
        rule("is_positive", "quantity > 0"),
        Index("inventory_reservations_purchase_ix", "purchase"),
        Index("inventory_reservations_variant_ix", "organization", "variant", "state"),
        {"info": {"frozen": ("variant", "quantity", "purchase", "line", "counterparty")}},
    )

    variant: UUID
    quantity: int
    purchase: UUID
    line: UUID
    expires_at: datetime = instant()
