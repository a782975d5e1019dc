"""Grants and sessions."""

from __future__ import annotations

import strawberry

from domain.access import model
from resolvers import access
from schema.bind import described, noticed, one, shown, shows, taken
from schema.changes import Answer, Keyed, MaybeKeyed
from schema.kinds import Role
from schema.names import OrganizationT, PersonT, ViewerT
from schema.scalars import DateTime, Duration
from schema.shared import Actor, Governed, Money, MoneyInput, Node, PageInfo, counted, sealed_always


@shows(access.SpendLimit)
class SpendLimit:
    """A limit per purchase and per period."""

    per_purchase: Money
    per_period: Money
    period: Duration
    used_in_period: Money


@taken
class SpendLimitInput:
    """A limit per purchase and per period."""

    per_purchase: MoneyInput
    per_period: MoneyInput
    period: Duration


@shows(model.Grant)
class Grant(Governed):
    """A role given to a person in an organization, for a time and a reason."""

    person: PersonT = one(access.person_of, semantic=False)
    organization: OrganizationT = one(access.held_in, semantic=False)
    role: Role
    valid_from: DateTime
    valid_until: DateTime | None = strawberry.field(description="Null: until revoked.")
    reason: str = sealed_always(access.reason)
    granted_by: Actor = shown(access.granted_by)
    revoked_by: Actor | None = shown(access.revoked_by)
    revoked_at: DateTime | None
    spend_limit: SpendLimit | None = shown(access.spend_limit, "How much a buyer may spend without a `BUYER_APPROVER`.")
    last_used_at: DateTime | None


@described
class GrantEdge:
    """A grant on a page."""

    cursor: str
    node: Grant | None = noticed()


@described
class GrantConnection:
    """A page of grants, counted up to 10,000, then null."""

    edges: list[GrantEdge]
    page_info: PageInfo
    total_count: int | None = counted()


@taken
class GrantFilter:
    """Which grants."""

    person_ids: list[strawberry.ID] | None = strawberry.UNSET
    organization_ids: list[strawberry.ID] | None = strawberry.UNSET
    roles: list[Role] | None = strawberry.UNSET
    live_at: DateTime | None = strawberry.UNSET
    unused_since: DateTime | None = strawberry.UNSET


@shows(model.Session)
class Session(Node):
    """One signed-in device."""

    person: PersonT = one(access.person_of, semantic=False)
    acting_for: OrganizationT = one(access.acting_for, semantic=False)
    client: str | None
    started_at: DateTime
    last_seen_at: DateTime
    revoked_at: DateTime | None


@described
class SessionEdge:
    """A session on a page."""

    cursor: str
    node: Session | None = noticed()


@described
class SessionConnection:
    """A page of sessions."""

    edges: list[SessionEdge]
    page_info: PageInfo


@taken
class GrantIssueInput(Keyed):
    """Input of `grantIssue`."""

    person_id: strawberry.ID
    organization_id: strawberry.ID
    role: Role
    valid_from: DateTime | None = strawberry.UNSET
    valid_until: DateTime | None = strawberry.field(description="Null: until revoked.", default=strawberry.UNSET)
    spend_limit: SpendLimitInput | None = strawberry.UNSET
    reason: str


@described
class GrantIssuePayload(Answer):
    """Answer of `grantIssue`."""

    grant: Grant | None


@taken
class GrantRevokeInput(Keyed):
    """Input of `grantRevoke`."""

    grant_id: strawberry.ID
    reason: str
    expected_version: int | None = strawberry.UNSET


@described
class GrantRevokePayload(Answer):
    """Answer of `grantRevoke`."""

    grant: Grant | None


@taken
class SessionSwitchInput(MaybeKeyed):
    """Input of `sessionSwitch`."""

    organization_id: strawberry.ID


@described
class SessionSwitchPayload(Answer):
    """Answer of `sessionSwitch`."""

    viewer: ViewerT | None


@taken
class SessionRevokeInput(Keyed):
    """Input of `sessionRevoke`."""

    session_id: strawberry.ID
    reason: str


@described
class SessionRevokePayload(Answer):
    """Answer of `sessionRevoke`."""

    session: Session | None
