"""Which rule plans which action: the noun's own where it has one, else the plain edge."""

from __future__ import annotations

from domain.machines import ACTIONS
from domain.plan import Rule, plain_edge

RULES: dict[str, Rule] = {}

for _name in RULES:
    if _name not in ACTIONS:
        raise ValueError(f"a rule for {_name}, which no machine declares")


def rule_of(action: str) -> Rule:
    """The rule of one action."""
    return RULES.get(action, plain_edge)
