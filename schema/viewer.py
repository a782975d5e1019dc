"""The signed-in person."""

from __future__ import annotations

import asyncio

import strawberry

from domain.access.identity import Identity
from domain.access.model import Membership as DomainMembership
from resolvers.access import memberships_of
from resolvers.carts import CARTS, mine, open_cart
from resolvers.nodes import nodes, organization
from resolvers.orders import APPROVALS
from resolvers.viewer import acting_for as acting_for_ref
from resolvers.viewer import approvable, person_of, session_of
from schema.access import Session
from schema.approvals import ApprovalConnection, ApprovalState
from schema.bind import Info, computed, field, one, paged, shows
from schema.carts import Cart, CartConnection, CartState
from schema.kinds import Role
from schema.loaders import load
from schema.people import Organization, Person


@shows(DomainMembership)
class Membership:
    """A person's roles in one organization."""

    organization: Organization = one(lambda context, root: organization(context, root.organization), semantic=False)
    roles: list[Role]


async def _cart(root: Identity, info: Info) -> object:
    return await open_cart(info.context)


async def _organizations(root: Identity, info: Info) -> object:
    held = await load(info.context, memberships_of, root)
    refs = [organization(info.context, one.organization) for one in held]
    found = await asyncio.gather(*(load(info.context, nodes, ref) for ref in refs))
    return [place for place in found if place is not None]


@shows(Identity)
class Viewer:
    """The signed-in person, acting for one organization."""

    person: Person = one(person_of, semantic=False)
    session: Session = one(session_of, semantic=False)
    acting_for: Organization = one(acting_for_ref, semantic=False)
    memberships: list[Membership] = computed(
        memberships_of, "Everything the person may switch to with `sessionSwitch`."
    )
    organizations: list[Organization] = field(_organizations)
    roles: list[Role] = strawberry.field(description="Roles held now in `actingFor`, live delegations included.")
    cart: Cart | None = field(_cart, "The open cart of the acting buyer organization, if there is one.")
    carts: CartConnection | None = paged(
        CARTS,
        parent=lambda context, _: context.seer_ref,
        more={"states": (list[CartState] | None, [CartState.OPEN])},
        always=mine,
    )
    approvals: ApprovalConnection | None = paged(
        APPROVALS,
        "What waits for a decision the viewer may take.",
        parent=lambda context, _: context.seer_ref,
        more={"states": (list[ApprovalState] | None, [ApprovalState.PENDING])},
        always=approvable,
    )
