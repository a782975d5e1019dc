"""Vendors: the business side of a vendor organization; its standing is its organization's."""

from sqlalchemy import Computed, Index

from db.tables.columns import Noun, head, one_of, rule, words


class Vendor(Noun, table=True):
    __tablename__ = "vendor"
    __table_args__ = (
        head("vendor", "head_state"),
        one_of("state", ("applied", "verified", "active", "suspended", "closed")),
        rule("country_is_iso", "country ~ '^[A-Z]{2}$'"),
        Index("vendor_organization_key", "organization", unique=True),
        Index("vendor_name_ix", "name", "id"),
        {"info": {"reads": "acting"}},
    )

    name: str = words()
    country: str = words()
    head_state: str | None = words(
        nullable=True,
        sa_column_args=[
            Computed("case when state in ('suspended', 'closed') then null else state end", persisted=True)
        ],
    )
