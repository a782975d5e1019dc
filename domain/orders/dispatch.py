"""Dispatching an order, twice asked: the agent begins the capture, the system ships once the money is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from domain import ledger
from domain.command import Command, Outcome, Ref
from domain.effects import Create, Effect, Put
from domain.facts import Facts
from domain.orders.facts import Item, Order, OrderFacts, order_of
from domain.payments.rules import captured
from domain.plan import Plan, advance, create
from domain.refusals import InProgress, PaymentDeclined, Refusal, invalid
from domain.sagas.facts import detail_of
from domain.sagas.rules import moved, started, step

NewId = Callable[[], UUID]


def dispatch(facts: Facts[OrderFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The agent's part, or the system's; an order whose money was captured already is shipped at once."""
    order, detail = order_of(facts)
    if command.actor.is_system:
        return _ship_for(facts, order, detail, command, new_id)
    refused = _refused(detail, command)
    if refused is not None:
        return refused
    if detail.capture is not None and detail.capture.state == "succeeded":
        return _ship_paid(facts, order, detail, command, new_id)
    return _begin(facts, order, detail, command, new_id)


def _refused(detail: OrderFacts, command: Command) -> Refusal | None:
    if not _whole(detail.items, command.args.get("_lines")):
        return invalid("lines", "PARTIAL_DISPATCH", "An order is dispatched whole for now; leave the lines out.")
    if detail.capture is not None and detail.capture.state in ("pending", "unknown"):
        return InProgress("The payment of this order is being captured right now.", retry_after_ms=1000)
    captured = detail.capture is not None and detail.capture.state == "succeeded"
    authorization = detail.authorization
    if not captured and (authorization is None or authorization.state != "authorized"):
        state = authorization.state if authorization else "missing"
        return PaymentDeclined("The payment of this order is no longer authorized.", f"authorization_{state}")
    return None


def _whole(items: Sequence[Item], lines: Any) -> bool:
    """Whether the lines named are all lines in full; none named means all."""
    if lines is None:
        return True
    return {(ref.id, quantity) for ref, quantity in lines} == {(item.id, item.quantity) for item in items}


def _begin(
    facts: Facts[OrderFacts], order: Order, detail: OrderFacts, command: Command, new_id: NewId
) -> Plan | Refusal:
    """T1: the intent to capture is written before the provider is called."""
    authorization = detail.authorization
    if authorization is None or order.money is None:
        raise ValueError("an order without an authorization or a total")
    saga = Ref("saga", order.home, new_id())
    key = f"{order.id}:capture:{detail.captures + 1}"
    row = {
        "order_id": order.id,
        "authorization_id": authorization.id,
        "amount_minor": order.money.minor,
        "currency": order.money.currency,
        "provider_key": key,
        "requested_by": command.actor.person,
    }
    sent = ("carrier", "tracking_number", "tracking_url")
    return Plan(
        effects=(
            advance(order, "order.auto_capture"),
            create("capture.initiate", order.home, new_id(), row, counterparty=order.counterparty),
            *started(
                saga.id,
                "dispatch",
                order.ref,
                command,
                facts.context.now,
                data={name: command.args.get(f"_{name}") for name in sent},
                steps={"capture": key, "dispatch": f"{order.id}:dispatch"},
                decision=facts.decision,
                counterparty=order.counterparty,
            ),
        ),
        nouns={"order": order.ref},
        saga=saga,
    )


def _ship_for(
    facts: Facts[OrderFacts], order: Order, detail: OrderFacts, command: Command, new_id: NewId
) -> Plan | Refusal:
    """T2: capture, order, shipment and ledger in one change, for the agent who asked."""
    saga, behalf = detail.saga, command.actor.on_behalf_of
    if saga is None or behalf is None:
        raise ValueError("the system dispatches for somebody, as a step of a saga")
    shipped, nouns = _shipped(facts, order, detail, detail_of(saga).data, by=behalf.person, new_id=new_id)
    return Plan(
        effects=(
            *shipped,
            *captured(detail.capture, detail.authorization, command, new_id),
            moved(saga, "finished", facts.context.now),
            step(saga, "capture", "done", command),
            step(saga, "dispatch", "done", command),
        ),
        nouns=nouns,
        finishes=detail_of(saga).finish(Outcome(nouns=nouns)),
    )


def _ship_paid(
    facts: Facts[OrderFacts], order: Order, detail: OrderFacts, command: Command, new_id: NewId
) -> Plan | Refusal:
    """The money came earlier, when the dispatch itself was refused: this agent ships without a new capture."""
    if command.actor.person is None:
        raise ValueError("a person dispatches here")
    sent = {name: command.args.get(f"_{name}") for name in ("carrier", "tracking_number", "tracking_url")}
    shipped, nouns = _shipped(facts, order, detail, sent, by=command.actor.person, new_id=new_id)
    return Plan(effects=shipped, nouns=nouns)


def _shipped(
    facts: Facts[OrderFacts], order: Order, detail: OrderFacts, sent: Any, *, by: UUID, new_id: NewId
) -> tuple[tuple[Effect, ...], dict[str, Ref]]:
    if order.money is None or order.counterparty is None:
        raise ValueError("an order without a total or a vendor")
    shipment = Ref("shipment", order.home, new_id())
    row = {
        "order_id": order.id,
        "carrier": sent.get("carrier"),
        "tracking_number": sent.get("tracking_number"),
        "tracking_url": sent.get("tracking_url"),
        "dispatched_by": by,
        "dispatched_at": facts.context.now,
    }
    made: Create = create("shipment.create", order.home, shipment.id, row, counterparty=order.counterparty)
    lines = (
        Put(
            "shipment_line",
            order.home,
            new_id(),
            {"shipment": shipment.id, "item": item.id, "quantity": item.quantity},
        )
        for item in detail.items
    )
    posts = ledger.charged(
        order.ref,
        order.money,
        tax_minor=detail.tax_minor,
        country=detail.tax_country,
        vendor=order.counterparty,
        new_id=new_id,
    )
    effects = (advance(order, "order.dispatch", {"dispatched_by": by}), made, *lines, *posts)
    return effects, {"order": order.ref, "shipment": shipment}
