"""Policy revisions."""

from __future__ import annotations

from enum import auto

import strawberry

from domain.revisions import model
from schema.bind import Words, listed, shows, told
from schema.scalars import DateTime, Digest
from schema.shared import Governed


@listed
class PolicyRevisionState(Words):
    """Life of a revision. An edit leads back to `DRAFT`; an activation that is incomplete after 10 s leads back to
    `APPROVED`.
    """

    DRAFT = auto()
    PROPOSED = auto()
    APPROVED = auto()
    SHADOWING = strawberry.enum_value("shadowing", description="Evaluated beside the active one, without effect.")
    ACTIVATING = auto()
    ACTIVE = auto()
    SUPERSEDED = auto()
    REJECTED = auto()
    WITHDRAWN = auto()
    REVOKED = auto()


@shows(model.PolicyRevision)
class PolicyRevision(Governed):
    """One version of the whole policy: files, what checked it, who approved it, where it runs."""

    number: int | None = strawberry.field(description="Monotonic; given when approved, null before.")
    title: str
    state: PolicyRevisionState
    content_digest: Digest = told(
        "digest", "Hash over all files. Every report and approval names it, so an edit voids them."
    )
    activated_at: DateTime | None
    revoked_at: DateTime | None
