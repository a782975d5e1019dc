"""What approving, refusing and completing an order does beyond its edge; dispatching stands in `dispatch.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from domain import ledger
from domain.command import Command, Ref
from domain.effects import Effect, Put, VaultPut
from domain.facts import Facts
from domain.inventory.reservations import returned
from domain.orders.dispatch import dispatch
from domain.orders.facts import Order, OrderFacts, order_of
from domain.plan import Plan, Rule, advance
from domain.refusals import InProgress, Refusal, invalid
from domain.sagas.rules import started

NewId = Callable[[], UUID]
UNDER_WAY = ("pending", "unknown", "succeeded")  # paid, or may be: only dispatch goes on from here


def approve(facts: Facts[OrderFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Whoever approves the order grants every approval that is asked for it."""
    order, detail = order_of(facts)
    return Plan(
        effects=(
            advance(order, "order.approve", {"approved_by": command.actor.person}),
            *_answered(facts, detail, command, "granted"),
        ),
        nouns={"order": order.ref},
    )


def reject(facts: Facts[OrderFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The order ends before anything was charged; stock, commitment and authorization come back."""
    order, detail = order_of(facts)
    reason = new_id()
    return Plan(
        effects=(
            advance(order, "order.reject", payload=_told(reason)),
            *_answered(facts, detail, command, "rejected"),
            *_given_back(facts, order, detail, command, new_id=new_id, reason=reason),
        ),
        nouns={"order": order.ref},
    )


def cancel(facts: Facts[OrderFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The same by the buyer or the platform; while money is being captured nobody can say yet."""
    order, detail = order_of(facts)
    if detail.capture is not None and detail.capture.state in UNDER_WAY:
        return InProgress("The payment of this order is being captured right now.", retry_after_ms=1000)
    reason = new_id()
    return Plan(
        effects=(
            advance(order, "order.cancel", payload=_told(reason)),
            *_given_back(facts, order, detail, command, new_id=new_id, reason=reason),
        ),
        nouns={"order": order.ref},
    )


def deliver(facts: Facts[OrderFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The agent's evidence goes to the vault; the shipment is delivered with its order."""
    order, detail = order_of(facts)
    given = command.args.get("delivered_at")
    at = facts.context.now if given is None else datetime.fromtimestamp(given, UTC)
    if at > facts.context.now:
        return invalid("deliveredAt", "IN_THE_FUTURE", "It cannot have been delivered yet.")
    effects: list[Effect] = [advance(order, "order.deliver")]
    if detail.shipment is not None:
        effects.append(advance(detail.shipment, "shipment.deliver", {"delivered_at": at}))
        evidence = command.args.get("_evidence")
        if evidence:
            effects.append(VaultPut(order.home, detail.shipment.id, "evidence", str(evidence)))
    return Plan(effects=tuple(effects), nouns={"order": order.ref})


def _answered(facts: Facts[OrderFacts], detail: OrderFacts, command: Command, answer: str) -> tuple[Effect, ...]:
    """One answer to each open approval, with the comment or reason where the answerer gave one."""
    order, _ = order_of(facts)
    text = command.args.get("_comment") or command.args.get("_reason")
    effects: list[Effect] = []
    for approval in detail.approvals:
        row = {"answer": answer, "person": command.actor.person, "decided_at": facts.context.now}
        effects.append(Put("approval_answer", order.home, approval, row))
        if text:
            effects.append(VaultPut(order.home, approval, "comment", str(text)))
    return tuple(effects)


def _told(reason: UUID) -> dict[str, str]:
    """The journal names the reason by its id; the text is in the vault."""
    return {"reason": str(reason)}


def _given_back(
    facts: Facts[OrderFacts], order: Order, detail: OrderFacts, command: Command, *, new_id: NewId, reason: UUID
) -> tuple[Effect, ...]:
    """Stock and commitment now; the authorization by a RELEASE saga, which sees the purchase's other orders too."""
    effects: list[Effect] = [*returned([r for r in detail.reservations if r.state == "finalized"])]
    if order.money is not None:
        effects.extend(ledger.given_up(order.ref, order.money, new_id))
    effects.append(VaultPut(order.home, reason, "reason", str(command.args.get("_reason") or "")))
    authorization = detail.authorization
    if authorization is not None and authorization.state == "authorized":
        about = Ref("authorization", authorization.home, authorization.id)
        effects.extend(
            started(
                new_id(),
                "release",
                about,
                command,
                facts.context.now,
                data={"order": str(order.id)},
                steps={"void": f"{detail.purchase}:void:1"},
                decision=facts.decision,
                finishes=False,
                after_s=0,
            )
        )
    return tuple(effects)


RULES: dict[str, Rule] = {
    "order.approve": approve,
    "order.reject": reject,
    "order.cancel": cancel,
    "order.deliver": deliver,
    "order.dispatch": dispatch,
}
