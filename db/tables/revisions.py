"""Revisions of the policy: which one is active, which was taken back."""

from datetime import datetime

from sqlalchemy import Computed, UniqueConstraint

from db.tables.columns import Noun, head, instant, one_of, rule, words


class PolicyRevision(Noun, table=True):
    __tablename__ = "policy_revision"
    __table_args__ = (
        head("policy_revision", "head_state"),
        UniqueConstraint("organization", "number"),
        one_of("state", ("active", "superseded", "revoked")),
        rule("number_is_positive", "number > 0"),
        {
            "info": {
                "settable": ("revoked_at",),
                "frozen": ("number", "digest"),
                "reads": "acting",
            }
        },
    )

    number: int
    title: str = words()
    digest: str = words()
    activated_at: datetime = instant(now=True)
    revoked_at: datetime | None = instant(nullable=True)
    head_state: str | None = words(
        nullable=True,
        sa_column_args=[
            Computed("case when state in ('superseded', 'revoked') then null else state end", persisted=True)
        ],
    )
