"""The marketplace itself: one row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, text
from sqlmodel import Field, SQLModel

from db.tables.columns import instant


class Marketplace(SQLModel, table=True):
    __tablename__ = "marketplace"
    __table_args__ = (
        CheckConstraint("one", name="is_one_row"),
        {"info": {"once": ("platform", "opened_at"), "reads": "true"}},
    )

    one: bool = Field(
        default=True, primary_key=True, sa_type=Boolean, sa_column_kwargs={"server_default": text("true")}
    )
    platform: UUID
    opened_at: datetime | None = instant(nullable=True)
    settings_epoch: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    production: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
