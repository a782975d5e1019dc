"""What happens to a placed order, as changes with the effects that rules would plan; for database tests."""

from __future__ import annotations

from domain.change import Change
from domain.command import Actor, OnBehalf
from domain.effects import Effect, Put, StepRecord
from tests.db.shopping import PRICE, Basket, moved
from tests.db.world import World, advance, create

FIRST_FENCE = 1  # a saga is made with its lease


def approving(world: World, basket: Basket, version: int = 1) -> Change:
    """A service manager approves."""
    approved = {"approved_by": world.manager.id}
    move = advance("order.approve", world.acme, basket.order, version, "placed", set=approved, counterparty=world.volt)
    return world.change("order.approve", world.manager.actor, move)


def capturing(world: World, basket: Basket, version: int = 2) -> Change:
    """The agent asks for the dispatch: the money of this order is to be captured."""
    row = {
        "order_id": basket.order,
        "authorization_id": basket.authorization,
        "amount_minor": basket.total,
        "currency": "EUR",
        "provider_key": f"{basket.order}:capture:{basket.capture}",
        "requested_by": world.agent.id,
    }
    about = {"kind": "dispatch", "subject_noun": "order", "subject": basket.order, "attempt": 1}
    whose = {"person": world.agent.id, "acting_for": world.volt, "decision": basket.decision}
    return world.change(
        "order.dispatch",
        world.agent.actor,
        advance("order.auto_capture", world.acme, basket.order, version, "approved", counterparty=world.volt),
        create("capture.initiate", world.acme, basket.capture, world.volt, **row),
        create("saga.start", world.acme, basket.dispatch, world.volt, **about, **whose),
        StepRecord(world.acme, basket.dispatch, "capture", "pending", 0, "key", 0),
    )


def dispatching(world: World, basket: Basket, version: int = 3) -> Change:
    """The money is there: the system dispatches on behalf of the agent."""
    actor = Actor(world.acme, on_behalf_of=OnBehalf(world.agent.id, world.volt, basket.decision))
    return world.change(
        "order.dispatch",
        actor,
        advance("capture.succeed", world.acme, basket.capture, 1, "pending", counterparty=world.volt),
        dispatched(world, basket, version),
        *shipping(world, basket),
        StepRecord(world.acme, basket.dispatch, "capture", "done", 1, "key", FIRST_FENCE),
    )


def dispatched(world: World, basket: Basket, version: int) -> Effect:
    sent = {"dispatched_by": world.agent.id}
    return advance("order.dispatch", world.acme, basket.order, version, "approved", set=sent, counterparty=world.volt)


def shipping(world: World, basket: Basket) -> list[Effect]:
    """One parcel with the whole order."""
    row = {"order_id": basket.order, "dispatched_by": world.agent.id, "dispatched_at": "2026-01-01T00:00:00Z"}
    line = {"shipment": basket.shipment, "item": basket.item, "quantity": basket.total // PRICE}
    return [
        create("shipment.create", world.acme, basket.shipment, world.volt, **row),
        Put("shipment_line", world.acme, basket.shipment, line),
    ]


def cancelling(world: World, basket: Basket, version: int = 1, source: str = "placed") -> Change:
    """The buyer cancels: the stock comes back at once, the money by a saga."""
    move = advance("order.cancel", world.acme, basket.order, version, source, counterparty=world.volt)
    return world.change("order.cancel", world.buyer.actor, move, *given_back(world, basket))


def given_back(world: World, basket: Basket) -> list[Effect]:
    about = {"kind": "release", "subject_noun": "authorization", "subject": basket.authorization, "attempt": 1}
    whose = {"person": world.buyer.id, "acting_for": world.acme, "decision": basket.decision}
    return [
        *moved(world, basket, "reservation.return", "finalized", 2),
        *basket.holds(0, 1, world.volt),
        create("saga.start", world.acme, basket.shipment, data={"order": str(basket.order)}, **about, **whose),
        StepRecord(world.acme, basket.shipment, "void", "pending", 0, "key", 0),
    ]
