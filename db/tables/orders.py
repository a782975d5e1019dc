"""Orders and their items: no financial column changes after placement."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from db.tables.columns import Noun, Row, head, instant, parent, rule, words

_FROZEN = (
    "counterparty",
    "purchase",
    "vendor",
    "number",
    "placed_by",
    "subtotal_minor",
    "discount_minor",
    "tax_minor",
    "shipping_minor",
    "handling_minor",
    "total_minor",
    "currency",
    "tax_country",
    "tax_calculation",
    "placed_at",
)


class Order(Noun, table=True):
    __tablename__ = "orders"
    __table_args__ = (
        head("orders"),
        parent("orders", "purchase", "purchase", later=True),
        UniqueConstraint("organization", "number"),
        rule("has_a_vendor", "counterparty is not null"),
        rule("approver_is_not_placer", "approved_by <> placed_by"),
        rule("dispatcher_is_not_approver", "dispatched_by <> approved_by"),
        rule(
            "total_is_the_sum",
            "total_minor = subtotal_minor - discount_minor + tax_minor + shipping_minor + handling_minor",
        ),
        rule(
            "parts_are_not_negative",
            "least(subtotal_minor, discount_minor, tax_minor, shipping_minor, handling_minor, total_minor) >= 0",
        ),
        Index("orders_placed_at_ix", "organization", "placed_at", "id"),
        Index("orders_counterparty_placed_at_ix", "counterparty", "placed_at", "id"),
        Index("orders_counterparty_home_ix", "counterparty", "organization"),
        Index("orders_all_placed_at_ix", "placed_at", "id"),
        Index("orders_updated_at_ix", "organization", "updated_at", "id"),
        Index("orders_counterparty_updated_at_ix", "counterparty", "updated_at", "id"),
        Index("orders_all_updated_at_ix", "updated_at", "id"),
        Index("orders_total_ix", "organization", "total_minor", "id"),
        Index("orders_counterparty_total_ix", "counterparty", "total_minor", "id"),
        Index("orders_all_total_ix", "total_minor", "id"),
        Index("orders_purchase_ix", "organization", "purchase"),
        {
            "info": {
                "settable": ("approved_by", "dispatched_by"),
                "makers": ("placed_by", "approved_by", "dispatched_by"),
                "frozen": _FROZEN,
                "once": ("approved_by", "dispatched_by"),
            }
        },
    )

    purchase: UUID
    vendor: UUID
    number: str = words()
    placed_by: UUID
    approved_by: UUID | None
    dispatched_by: UUID | None
    subtotal_minor: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(sa_type=BigInteger)
    tax_minor: int = Field(sa_type=BigInteger)
    shipping_minor: int = Field(sa_type=BigInteger)
    handling_minor: int = Field(sa_type=BigInteger)
    total_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
    tax_country: str = words()
    tax_calculation: UUID
    placed_at: datetime = instant(now=True)


class OrderItem(Row, table=True):
    __tablename__ = "order_items"
    __table_args__ = (
        parent("order_items", "order_id", "orders"),
        UniqueConstraint("organization", "order_id", "ordinal"),
        rule("quantity_is_positive", "quantity > 0"),
        rule(
            "amounts_add_up",
            "subtotal_minor = unit_price_minor * quantity and total_minor = subtotal_minor - discount_minor + tax_minor"
            " and least(unit_price_minor, discount_minor, tax_minor, total_minor) >= 0",
        ),
        {"info": {"by_effect": True, "of": ("order_id",), "insert_only": True}},
    )

    counterparty: UUID
    order_id: UUID
    ordinal: int
    variant: UUID
    variant_home: UUID
    sku: str = words()
    title: str = words()
    quantity: int
    unit_price_minor: int = Field(sa_type=BigInteger)
    subtotal_minor: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(sa_type=BigInteger)
    tax_minor: int = Field(sa_type=BigInteger)
    tax_basis_points: int
    total_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
