"""Shapes that many nouns share: nodes, pages, money, addresses, who did something, and why a rule said no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from domain.journal.model import Doer
from domain.machines import MACHINES
from domain.money import Money as DomainMoney
from domain.people.model import Address as DomainAddress
from domain.refusals import Reason as DomainReason
from resolvers.context import Context
from resolvers.history import TIMELINE, Transition
from resolvers.nodes import organization, person
from resolvers.paging import Connection, total_counts
from resolvers.permissions import Permission, Wish, permissions
from schema.bind import Info, described, field, one, paged, plainly, shown, shows, taken, told, type_name
from schema.kinds import Role, TimelineKind
from schema.loaders import load
from schema.names import OrganizationT, PersonT, TimelineEntryConnectionT
from schema.scalars import ActionName, CountryCode, CurrencyCode, DateTime, MinorUnits


@plainly
def _global_id(root: Any, info: Info) -> str:
    return info.context.encode(root.ref)


def _state_name(root: Any) -> str | None:
    machine = MACHINES[root.noun]
    return root.state.upper() if len(machine.states) > 1 and root.noun != "grant" else None


async def _permitted(root: Any, info: Info, actions: list[ActionName] | None = strawberry.UNSET) -> Any:
    asked = None if actions is strawberry.UNSET or actions is None else tuple(actions)
    return await load(info.context, permissions, Wish(root.ref, asked))


@strawberry.interface(description="Anything with a global id. Ids are opaque, typed and useless in another tenant.")
class Node:
    id: strawberry.ID = field(_global_id)

    resolve_type = staticmethod(type_name)


@strawberry.interface(description="Anything with versions, actions and a history.")
class Governed(Node):
    version: int = strawberry.field(
        description="Starts at 1, grows by one with every committed change, without gaps."
        " Send it back as `expectedVersion`."
    )
    created_at: DateTime
    updated_at: DateTime
    label: str = strawberry.field(description="What people call it, `Order ACME-1042-2`; for lists of mixed objects.")
    state_name: str | None = shown(
        _state_name, "Its `state`, spelled as in the noun's enum; null for a thing without a life."
    )
    permitted_actions: list[PermittedAction] | None = field(
        _permitted,
        "What the viewer may do to this object now, from the rules the mutations use."
        " Advisory: the mutation asks again.",
        semantic=True,
    )
    timeline: TimelineEntryConnectionT | None = paged(
        TIMELINE,
        "Everything that happened, newest first: transitions, decisions, payment attempts, deliveries, compensations,"
        " notes.",
        more={"kinds": (list[TimelineKind] | None, strawberry.UNSET)},
    )


@described
class PageInfo:
    """The position of a page in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


async def _total(root: Connection[Any], info: Info) -> int | None:
    under = (root.listing, repr(root.wanted.filter))
    found: int | None = await load(info.context, total_counts, root, under=under)
    return found


def counted() -> Any:
    """How long the whole list is; asked for, it costs one more statement."""
    return field(_total)


@shows(DomainMoney)
class Money:
    """An exact amount."""

    minor: MinorUnits = strawberry.field(description="Whole minor units: 1250 is EUR 12.50 or JPY 1250.")
    currency: CurrencyCode
    decimal: str = strawberry.field(
        description="The same amount as exact decimal text, `12.50`, by the ISO 4217 exponent."
        " Locale formatting is the client's."
    )


@taken
class MoneyInput:
    """An exact amount in minor units."""

    minor: MinorUnits
    currency: CurrencyCode


@taken
class DateTimeRange:
    """From inclusive, until exclusive; an open end is null."""

    from_: DateTime | None = strawberry.field(name="from", default=strawberry.UNSET)
    until: DateTime | None = strawberry.UNSET


@shows(DomainAddress)
class Address:
    """A postal address, valid for its country; frozen on whatever it was given to."""

    recipient: str
    lines: list[str]
    postal_code: str | None
    city: str
    region: str | None
    country: CountryCode


@taken
class AddressInput:
    """A postal address."""

    recipient: str
    lines: list[str]
    postal_code: str | None = strawberry.UNSET
    city: str
    region: str | None = strawberry.UNSET
    country: CountryCode


@strawberry.input(one_of=True, description="An address from the organization's book, or in full: exactly one.")
class AddressChoiceInput:
    address_book_entry_id: strawberry.ID | None = strawberry.UNSET
    address: AddressInput | None = strawberry.UNSET


@shows(Doer)
class Actor:
    """Who did something, for which organization and with which roles."""

    person: PersonT | None = one(
        lambda context, root: person(context, root.person),
        "Null for the system, or where the viewer may not know the person.",
        optional=True,
    )
    organization: OrganizationT | None = one(
        lambda context, root: organization(context, root.organization), optional=True
    )
    roles: list[Role]
    on_behalf_of: PersonT | None = one(
        lambda context, root: person(context, root.on_behalf_of),
        "For a system action: whose request it carries out. Separation of duties compares this person.",
        optional=True,
    )
    is_system: bool = told("system", "True for timers, compensation and other named system actions.")


@shows(Transition)
class TransitionActor:
    """Who made one transition; separation of duties compares these."""

    action: ActionName
    actor: Actor = told("doer")
    at: DateTime


def _explained(read: str) -> Any:
    @plainly
    def resolve(root: DomainReason, info: Info) -> Any:
        found = getattr(root, read)
        return (list(found) if isinstance(found, tuple) else found) if info.context.explains else None

    return resolve


@shows(DomainReason)
class Reason:
    """Why a rule said no, in words that compliance staff own."""

    code: str = strawberry.field(
        description="Stable, `orders.approve.not_own`. An open set: new rules bring new codes."
    )
    message: str
    remedy: str | None
    rule: str | None = field(_explained("rule"), "Path and line of the rule; only for holders of `policy:explain`.")
    controls: list[str] | None = field(
        _explained("controls"), "Control ids such as `SOC2 CC6.3`; only for holders of `policy:explain`."
    )


@shows(Permission)
class PermittedAction:
    """One action and whether the viewer may do it now."""

    action: ActionName
    mutation: str | None = strawberry.field(description="The mutation that does it; null for a system action.")
    allowed: bool
    reasons: list[Reason] = strawberry.field(
        description="Every reason against it, not only the first; empty when allowed."
    )
    needs_fresh_sign_in: bool = strawberry.field(description="The viewer must sign in again before doing it.")


async def texts(context: Context, places: Sequence[Any]) -> Sequence[str | Exception | None]:
    """Sealed texts of one level together; a loader raises an error for its own field only."""
    return await context.texts(places)


def sealed(place: Any, description: str | None = None, *, group: str | None = None, semantic: bool = False) -> Any:
    """Personal data or free text, opened from the vault; null where it was erased."""

    async def resolve(root: Any, info: Info) -> Any:
        return await load(info.context, texts, place(root))

    return field(resolve, description, group=group, semantic=semantic)


def sealed_always(place: Any, description: str | None = None) -> Any:
    """The same where the wire knows no null: what was erased is empty text."""

    async def resolve(root: Any, info: Info) -> str:
        return await load(info.context, texts, place(root)) or ""

    return field(resolve, description)
