"""One object by its reference, whatever its noun; every relation to one object goes through here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from db.access import GRANTS, SESSIONS
from db.approvals import APPROVALS
from db.carts import CART_LINES, CARTS
from db.decisions import DECISIONS
from db.fulfillment import SHIPMENTS
from db.inventory import RESERVATIONS
from db.journal import JOURNAL
from db.orders import ORDER_LINES, ORDERS
from db.payments import ATTEMPTS, AUTHORIZATIONS, CAPTURES, PAYMENTS
from db.people import ACCOUNTS, ADDRESS_BOOK, ORGANIZATIONS, PEOPLE
from db.purchases import PURCHASES
from db.revisions import REVISIONS
from db.sagas import SAGAS
from db.services import PRICES, SERVICES, VARIANTS
from db.settings import SETTINGS
from db.source import Source
from db.timeline import NOTES, TIMELINE
from db.vendors import VENDORS
from domain.command import Ref
from domain.model import Entity
from resolvers.context import Context

_ALL: tuple[Source[Any], ...] = (
    ACCOUNTS,
    ADDRESS_BOOK,
    APPROVALS,
    ATTEMPTS,
    AUTHORIZATIONS,
    CAPTURES,
    CART_LINES,
    CARTS,
    DECISIONS,
    GRANTS,
    JOURNAL,
    NOTES,
    ORDER_LINES,
    ORDERS,
    ORGANIZATIONS,
    PAYMENTS,
    PEOPLE,
    PRICES,
    PURCHASES,
    RESERVATIONS,
    REVISIONS,
    SAGAS,
    SERVICES,
    SESSIONS,
    SETTINGS,
    SHIPMENTS,
    VARIANTS,
    VENDORS,
)
SOURCES: Mapping[str, Source[Any]] = {
    **{source.model.noun: source for source in _ALL},
    **{f"timeline_{kind}": TIMELINE for kind in TIMELINE.parts},
}


def nowhere(noun: str = "order") -> Ref:
    """What an id that does not decode is looked up as: like any unknown object, at the same cost."""
    return Ref(noun, UUID(int=0), UUID(int=0))


async def nodes(context: Context, refs: Sequence[Ref]) -> Sequence[Entity | None]:
    """Objects in the order of `refs`, one statement per noun; None for everything the viewer may not know of."""
    found: dict[Ref, Entity | None] = {}
    for source in dict.fromkeys(SOURCES[ref.noun] for ref in refs if ref.noun in SOURCES):
        mine = list(dict.fromkeys(ref for ref in refs if SOURCES.get(ref.noun) is source))
        found.update(zip(mine, await context.by_ids(source, mine), strict=True))
    return [entity if (entity := found.get(ref)) is not None and entity.ref == ref else None for ref in refs]


def person(context: Context, id: UUID | None) -> Ref | None:
    """People live at the platform."""
    return None if id is None else Ref("person", context.seer.platform, id)


def organization(context: Context, id: UUID | None) -> Ref | None:
    """Organizations live at the platform."""
    return None if id is None else Ref("organization", context.seer.platform, id)
