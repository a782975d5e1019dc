"""Which rule plans which action: the noun's own where it has one, else the plain edge."""

from __future__ import annotations

from domain.access import rules as access
from domain.carts import rules as carts
from domain.inventory import stock
from domain.machines import ACTIONS
from domain.orders import rules as orders
from domain.payments import rules as payments
from domain.people import rules as people
from domain.plan import Rule, plain_edge
from domain.purchases import rules as purchases
from domain.sagas import rules as sagas
from domain.services import rules as services
from domain.timeline import rules as timeline

_ROOMS = (access, carts, orders, payments, people, purchases, sagas, services, stock, timeline)
RULES: dict[str, Rule] = {action: rule for room in _ROOMS for action, rule in room.RULES.items()}

for _name in RULES:
    if _name not in ACTIONS:
        raise ValueError(f"a rule for {_name}, which no machine declares")


def rule_of(action: str) -> Rule:
    """The rule of one action."""
    return RULES.get(action, plain_edge)
