"""The signed-in person: the session, the organizations behind it, and what waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.access.identity import Identity
from domain.command import Ref
from resolvers.context import Context
from resolvers.nodes import organization, person


def person_of(context: Context, identity: Identity) -> Ref | None:
    return person(context, identity.person)


def session_of(context: Context, identity: Identity) -> Ref:
    return Ref("session", identity.platform, identity.session)


def acting_for(context: Context, identity: Identity) -> Ref | None:
    return organization(context, identity.organization)


def approvable(context: Context) -> Mapping[str, Any]:
    """The filter that leaves approvals which one of the viewer's roles may answer."""
    return {"roles": list(context.seer.roles)}
