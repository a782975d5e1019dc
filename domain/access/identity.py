"""Who stands behind one request, as the database knows it now; says nothing about what they may do to an object."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Identity:
    """A live session of a known account.

    `organization` is whom the session acts for, None while it must be chosen by `sessionSwitch`; `roles` are the
    live grants of the person there.
    """

    platform: UUID
    account: UUID
    person: UUID
    session: UUID
    organization: UUID | None = None
    organization_kind: str | None = None
    roles: tuple[str, ...] = ()
