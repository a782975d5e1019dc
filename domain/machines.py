"""Every machine and every action by name, checked once at import; the one place to look a noun up."""

from __future__ import annotations

from domain.access.machine import GRANT, SESSION
from domain.carts.machine import CART
from domain.fulfillment.machine import SHIPMENT
from domain.inventory.machine import RESERVATION, STOCK
from domain.machine import Action, Machine, check_together
from domain.orders.machine import ORDER
from domain.payments.machine import AUTHORIZATION, CAPTURE
from domain.people.machine import ORGANIZATION, PERSON
from domain.purchases.machine import PURCHASE
from domain.revisions.machine import POLICY_REVISION
from domain.sagas.machine import SAGA
from domain.services.machine import SERVICE, VARIANT
from domain.settings.machine import RUNTIME_SETTING
from domain.timeline.machine import NOTE
from domain.vendors.machine import VENDOR

_ALL: tuple[Machine, ...] = (
    AUTHORIZATION,
    CAPTURE,
    CART,
    GRANT,
    NOTE,
    ORDER,
    ORGANIZATION,
    PERSON,
    POLICY_REVISION,
    PURCHASE,
    RESERVATION,
    RUNTIME_SETTING,
    SAGA,
    SERVICE,
    SESSION,
    SHIPMENT,
    STOCK,
    VARIANT,
    VENDOR,
)

check_together(_ALL)

MACHINES: dict[str, Machine] = {machine.noun: machine for machine in _ALL}
ACTIONS: dict[str, Action] = {action.name: action for machine in _ALL for action in machine.actions}
MACHINE_OF: dict[str, Machine] = {a.name: machine for machine in _ALL for a in machine.actions}
MUTATIONS: dict[str, Action] = {a.mutation: a for a in ACTIONS.values() if a.mutation}
FIXED: frozenset[str] = frozenset(a.name for a in ACTIONS.values() if a.decider == "fixed")
