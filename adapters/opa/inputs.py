"""The policy's input by action: typed arguments and parent facts; what is common stands in `contract.py`."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field, create_model

from adapters.opa.arguments import ARGS
from adapters.opa.contract import (
    CheckoutContext,
    Closed,
    Context,
    Currency,
    EffectPart,
    Id,
    Kind,
    Money,
    Nothing,
    Organizations,
    OrganizationsOfTwo,
    PersonSubject,
    Role,
    SystemSubject,
)
from domain.machine import Action
from domain.machines import ACTIONS, MACHINE_OF

# Parent facts: by action, else by noun, else none.


class Owned(Closed):
    """`owner`: who placed the order or purchase, whose cart or session it is, who holds the grant."""

    owner: Id


class VendorFact(Closed):
    organization: Id
    id: Id
    state: Literal["applied", "verified", "active", "suspended", "closed"]


class CheckoutParents(Owned):
    vendors: list[VendorFact]


class OrderToBe(Closed):
    id: Id
    vendor: Id
    counterparty: Id
    total_minor: int
    currency: Currency


class PlaceParents(Owned):
    orders: Annotated[list[OrderToBe], Field(min_length=1)]


class HeldRole(Closed):
    organization: Id
    role: Role


class GrantParents(Closed):
    """`grantee_roles`: what the grantee holds now anywhere. `organization_kind`: of where it is to be held."""

    grantee_roles: list[HeldRole]
    organization_kind: Kind


class SwitchParents(Owned):
    """`target_roles`: what the person holds now in the organization to switch to."""

    target_roles: list[Role]


class NoteSubject(Closed):
    noun: str
    home: Id
    counterparty: Id | None
    owner: Id | None
    published: bool


class NoteParents(Closed):
    subject: NoteSubject


class CatalogParents(Closed):
    """`published`: whether the service it is or belongs to is on sale, hence known to everybody."""

    published: bool


class ServiceParents(CatalogParents):
    vendor: VendorFact


PARENTS: dict[str, type[Closed]] = {
    "order": Owned,
    "purchase": Owned,
    "purchase.place": PlaceParents,
    "cart": Owned,
    "cart.create": Nothing,
    "checkout.complete": CheckoutParents,
    "grant": Owned,
    "grant.issue": GrantParents,
    "session": Owned,
    "session.switch": SwitchParents,
    "note.add": NoteParents,
    "service": ServiceParents,
    "variant": CatalogParents,
    "stock": CatalogParents,
}

TWO_SIDED = frozenset({"order", "grant", "capture", "shipment", "reservation", "person"})
PRICED = frozenset({"order", "purchase"})
CONTEXTS: dict[str, type[Context]] = {"purchase.place": CheckoutContext}


def args_of(action: str) -> type[Closed]:
    return ARGS.get(action, Nothing)


def parents_of(action: str) -> type[Closed]:
    return PARENTS.get(action) or PARENTS.get(MACHINE_OF[action].noun, Nothing)


def context_of(action: str) -> type[Context]:
    return CONTEXTS.get(action, Context)


def transitions_of(noun_action: str) -> tuple[str, ...]:
    """The keys of `resource.actors`: every action of the noun but its edits."""
    return tuple(a.name for a in MACHINE_OF[noun_action].actions if not a.edits)


def targets_of(action: Action) -> tuple[str, ...]:
    return action.targets or action.sources


@cache
def input_model(action: str) -> type[BaseModel]:
    """The closed model of the whole input of one action, about a row that is there, or is to be, or is missing."""
    machine_action = ACTIONS[action]
    resource: Any = _resource_model(machine_action)
    if not machine_action.creates:
        resource = resource | _phantom_model(action, resource)
    return create_model(
        f"Input_{action}",
        __base__=Closed,
        subject=(PersonSubject | SystemSubject, ...),
        action=(_action_model(machine_action), ...),
        resource=(resource, ...),
        context=(context_of(action), ...),
    )


def _phantom_model(action: str, resource: type[Closed]) -> type[Closed]:
    """A row that is not there: the policy must neither allow anything about it nor show it."""
    return create_model(
        f"Phantom_{MACHINE_OF[action].noun}",
        __base__=resource,
        organizations=(Organizations, ...),
        state=(None, ...),
        version=(Literal[0], ...),
        money=(None, ...),
        parents=(Nothing, ...),
    )


def _action_model(action: Action) -> type[Closed]:
    return create_model(
        f"Action_{action.name}",
        __base__=Closed,
        name=(_literal(action.name), ...),
        to_state=(_literal(*targets_of(action)), ...),
        args=(args_of(action.name), ...),
    )


def _resource_model(action: Action) -> type[Closed]:
    machine = MACHINE_OF[action.name]
    keys: Any = {name: (list[Id], Field(alias=name)) for name in transitions_of(action.name)}
    fields = {f"actor_{number}": field for number, field in enumerate(keys.values())}
    actors = cast("type[Closed]", create_model(f"Actors_{machine.noun}", __base__=Closed, **fields))
    new = action.creates
    return create_model(
        f"Resource_{machine.noun}",
        __base__=Closed,
        type=(_literal(machine.noun), ...),
        id=(Id, ...),
        organizations=(OrganizationsOfTwo if machine.noun in TWO_SIDED else Organizations, ...),
        state=(None if new else _literal(*machine.states), ...),
        version=(Literal[0] if new else Annotated[int, Field(ge=1)], ...),
        money=(Money if machine.noun in PRICED else None, ...),
        actors=(actors, ...),
        parents=(parents_of(action.name), ...),
        risk=(None, ...),
        effects=(list[EffectPart], ...),
    )


def _literal(*values: str) -> Any:
    return Literal[values]
