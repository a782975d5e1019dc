"""The catalog: services, their variants (SKUs) and prices; drafts are their vendor's alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.tables.columns import Noun, Row, head, instant, one_of, parent, rule, words


class Service(Noun, table=True):
    __tablename__ = "service"
    __table_args__ = (
        head("service"),
        parent("service", "vendor", "vendor", later=True),
        one_of("kind", ("stock", "slot", "bundle")),
        Index("service_title_ix", "title", "id"),
        Index("service_category_ix", "category", "title", "id"),
        Index("service_vendor_ix", "organization", "vendor", "title", "id"),
        {"info": {"reads": "service", "frozen": ("vendor", "kind")}},
    )

    vendor: UUID
    kind: str = words()
    title: str = words()
    description: str = words()
    category: str = words()
    options: list[Any] = Field(sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text("'[]'::jsonb")})


class Variant(Noun, table=True):
    __tablename__ = "variant"
    __table_args__ = (
        head("variant"),
        parent("variant", "service", "service", later=True),
        Index("variant_sku_key", "sku", unique=True),
        Index("variant_service_ix", "organization", "service", "sku"),
        {"info": {"reads": "variant", "frozen": ("service", "sku", "currency")}},
    )

    service: UUID
    sku: str = words()
    title: str = words()
    currency: str = words()
    duration_s: int | None


class Price(Row, table=True):
    __tablename__ = "price"
    __table_args__ = (
        parent("price", "variant", "variant"),
        rule("is_not_negative", "amount_minor >= 0"),
        Index("price_now_ix", "organization", "variant", text("valid_from desc"), text("id desc")),
        {
            "info": {
                "by_effect": True,
                "of": ("variant",),
                "insert_only": True,
                "makers": ("changed_by",),
                "reads": "of_variant",
            }
        },
    )

    variant: UUID
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = words()
    valid_from: datetime = instant(now=True)
    changed_by: UUID | None
    reason: str | None = words(nullable=True)
