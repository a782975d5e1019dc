"""What creating and adjusting stock come to; holds are `reservations.py`."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from domain.command import Command
from domain.effects import Create, StockMove, VaultPut
from domain.facts import Facts
from domain.inventory.facts import StockHad
from domain.plan import Plan, Rule, advance, create
from domain.refusals import OutOfStock, Refusal, Shortage, Violation, invalid
from domain.text import REASON, text_violation, told

LARGEST_DELTA = 1_000_000
LARGEST = 1_000_000_000  # of one variant on hand


def stock_created(home: UUID, stock: UUID, variant: UUID, on_hand: int) -> tuple[Create, ...]:
    """The stock of a new variant."""
    row = {"variant": variant, "on_hand": on_hand, "reserved": 0}
    return (create("stock.create", home, stock, row, payload={"on_hand": on_hand}),)


def stock_adjust(facts: Facts[StockHad], command: Command, new_id: Callable[[], UUID]) -> Plan | Refusal:
    """More or less on hand, never less than what is held; the reason goes to the vault under an id of its own."""
    resource, delta = facts.resource, command.args["delta"]
    if resource is None or resource.detail is None:
        raise ValueError("stock.adjust needs its facts")
    had = resource.detail
    refused = told(_delta_violation(delta), text_violation("reason", command.args["_reason"], REASON))
    if refused is not None:
        return refused
    free = had.on_hand - had.reserved
    if free + delta < 0:
        short = Shortage(line=None, sku=had.sku, requested=-delta, available=free)
        return OutOfStock("Less is free than would be taken away; nothing was changed.", (short,))
    if had.on_hand + delta > LARGEST:
        return invalid("delta", "LIMIT_REACHED", f"At most {LARGEST} units are kept of one variant.")
    reason = new_id()
    return Plan(
        effects=(
            advance(resource, "stock.adjust", payload={"delta": delta, "reason": str(reason)}),
            StockMove(resource.home, had.variant.id, reserved=0, on_hand=delta),
            VaultPut(resource.home, reason, "reason", command.args["_reason"].strip()),
        ),
        nouns={"variant": had.variant},
    )


def _delta_violation(delta: int) -> Violation | None:
    if delta != 0 and abs(delta) <= LARGEST_DELTA:
        return None
    return Violation(("delta",), "RANGE", f"Must be at most {LARGEST_DELTA} either way, and not 0.")


RULES: dict[str, Rule] = {"stock.adjust": stock_adjust}
