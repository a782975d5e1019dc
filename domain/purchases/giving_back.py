"""C and U of a checkout: everything is given back, or all waits for the provider; decided by the machine alone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from domain.carts.rules import kept
from domain.command import Command, Outcome
from domain.effects import Effect
from domain.facts import Facts
from domain.inventory.reservations import released
from domain.outcomes import refusal_from_json, refusal_to_json
from domain.payments.attempts import attempt
from domain.payments.rules import answered
from domain.plan import Plan, advance
from domain.purchases.facts import Purchase, PurchaseFacts, purchase_of, shown
from domain.refusals import Refusal
from domain.sagas.facts import detail_of
from domain.sagas.rules import DRIVEN_S, moved, step, turned

NewId = Callable[[], UUID]


def void_key(purchase: UUID) -> str:
    """The provider's key of letting go: the same whoever asks, so that asking twice does it once."""
    return f"{purchase}:void:1"


def await_provider(facts: Facts[PurchaseFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """U: the stock stays held. `_unknown`: something was sent, so only the provider's books say more."""
    purchase, detail, saga = purchase_of(facts)
    told: tuple[Effect, ...] = ()
    if command.args["_unknown"]:
        told = (
            advance(detail.authorization, "authorization.mark_unknown"),
            attempt(new_id(), detail.authorization, "authorize", "unknown"),
        )
    return Plan(
        effects=(
            advance(purchase, "purchase.await_provider"),
            *told,
            moved(saga, "waiting", facts.context.now, after_s=float(command.args["_after_s"])),
            step(saga, "authorize", "running", command, error=command.args["_error"]),
        ),
        nouns=shown(purchase, detail),
    )


def compensate(facts: Facts[PurchaseFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """C: the hold ends. `_target` is what the authorization came to, None where that is written down already.

    Where the provider holds money the purchase fails once that was voided, else at once.
    """
    purchase, detail, saga = purchase_of(facts)
    refusal: Refusal = command.args["_refusal"]
    target = command.args.get("_target")
    known = () if target is None else answered(detail.authorization, target, command, new_id)
    held = [reservation for reservation in detail.reservations if reservation.state == "held"]
    effects: list[Effect] = [
        advance(purchase, "purchase.compensate", {"failure": refusal_to_json(refusal)}),
        *known,
        *released(held),
    ]
    if (target or detail.authorization.state) != "authorized":
        effects.append(step(saga, "authorize", "failed", command, error=command.args.get("_decline_code")))
        effects.append(moved(saga, "failed", facts.context.now))
        effects.extend(_failed(purchase, detail, version=purchase.version + 1))
        outcome = Outcome(nouns=shown(purchase, detail), refusal=refusal)
        return Plan(tuple(effects), nouns=shown(purchase, detail), finishes=detail_of(saga).finish(outcome))
    effects.append(step(saga, "authorize", "compensating", command))
    if command.args.get("_denied"):
        effects.extend(turned(saga, facts.context.now, str(command.args["_denied"])))
        effects.append(step(saga, "place", "failed", command, error=str(command.args["_denied"])))
    else:
        effects.append(moved(saga, "compensating", facts.context.now, after_s=DRIVEN_S))
    return Plan(effects=tuple(effects), nouns=shown(purchase, detail))


def fail(facts: Facts[PurchaseFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The end of C: the provider let go of the money, the cart is open again, the client is told why."""
    purchase, detail, saga = purchase_of(facts)
    authorization = detail.authorization
    voided: tuple[Effect, ...] = ()
    if authorization.state == "authorized":
        voided = (
            advance(authorization, "authorization.auto_void"),
            attempt(new_id(), authorization, "void", "succeeded", key=void_key(purchase.id)),
        )
    refusal = None if detail.failure is None else refusal_from_json(detail.failure)
    outcome = Outcome(nouns=shown(purchase, detail), refusal=refusal)
    return Plan(
        effects=(
            *voided,
            *_failed(purchase, detail, version=purchase.version),
            moved(saga, "failed", facts.context.now),
            step(saga, "authorize", "compensated", command),
        ),
        nouns=shown(purchase, detail),
        finishes=detail_of(saga).finish(outcome),
    )


def _failed(purchase: Purchase, detail: PurchaseFacts, *, version: int) -> tuple[Effect, ...]:
    return (
        advance(purchase, "purchase.fail", source="compensating", version=version),
        advance(detail.cart, "cart.reopen", {"purchase": None}),
        kept(detail.cart.ref),
    )
