"""What a dispatch does next, as a pure function of what is written down and what the last step answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.facts import Resource
from domain.orders.facts import Order, OrderFacts
from domain.payments.attempts import authorization_facts, capture_facts
from domain.payments.facts import AuthorizationFacts, CaptureFacts
from domain.payments.provider import ProviderAnswer, ProviderMovementState, ProviderOutcome
from domain.refusals import Conflict, Denied, IllegalTransition, NotFound, PaymentDeclined
from domain.sagas.facts import SagaFacts, detail_of
from domain.sagas.steps import Books, Capture, Ended, Last, Lookup, Refused, Reload, Step, Write
from domain.sagas.waiting import BUSY, GRACE_S, LOOK_AFTER_S, backoff_s, is_fault, later

TRIES = 6  # of a provider that cannot be reached, before the agent is told so
_MOVED = (Conflict, IllegalTransition, NotFound)


def next_step(saga: Resource[SagaFacts], last: Last, now: datetime) -> Step:
    """The next step of a DISPATCH."""
    order: Order | None = detail_of(saga).subject
    if order is None or order.detail is None:
        raise ValueError("a dispatch without its order")
    capture, authorization = order.detail.capture, order.detail.authorization
    if saga.state in ("finished", "failed") or order.state != "approved":
        return Ended()
    if capture is None or authorization is None or capture.state == "failed":
        return Ended()
    match last:
        case Refused():
            return _after_refusal(saga, capture, last)
        case Books():
            return _after_books(saga, order, last, now)
        case ProviderAnswer():
            return _after_capture(saga, order, last)
    match capture.state:
        case "succeeded":
            return Write("order.dispatch", order.ref)
        case "unknown":
            return Lookup(authorization_facts(authorization).reference)
        case _:
            return _capture(capture, authorization)


def _capture(capture: Resource[CaptureFacts], authorization: Resource[AuthorizationFacts]) -> Step:
    facts = capture_facts(capture)
    return Capture(facts.provider_key, authorization_facts(authorization).provider_reference or "", facts.amount_minor)


def _parts(order: Order) -> tuple[Resource[CaptureFacts], Resource[AuthorizationFacts]]:
    detail: OrderFacts | None = order.detail
    if detail is None or detail.capture is None or detail.authorization is None:
        raise ValueError("a dispatch without its capture")
    return detail.capture, detail.authorization


def _after_capture(saga: Resource[SagaFacts], order: Order, answer: ProviderAnswer) -> Step:
    capture, _ = _parts(order)
    match answer.outcome:
        case ProviderOutcome.SUCCEEDED:
            return Write("order.dispatch", order.ref, {"_provider_reference": answer.id})
        case ProviderOutcome.DECLINED | ProviderOutcome.FAILED:
            return _failed(order, answer.decline_code or answer.reason or "capture_failed")
        case ProviderOutcome.UNKNOWN if capture.state == "pending":
            return Write("capture.mark_unknown", capture.ref, {"_after_s": LOOK_AFTER_S}, tells=BUSY)
        case ProviderOutcome.UNKNOWN:
            return later(saga, "capture", "provider_timeout")
        case ProviderOutcome.UNAVAILABLE:
            if capture.state == "pending" and detail_of(saga).attempts("capture") >= TRIES:
                return _failed(order, "provider_unavailable")
            return later(saga, "capture", "provider_unavailable")


def _after_books(saga: Resource[SagaFacts], order: Order, books: Books, now: datetime) -> Step:
    """A capture that never arrived is sent again under its own key, which cannot take the money twice."""
    capture, authorization = _parts(order)
    facts = capture_facts(capture)
    if books.found is None:
        return later(saga, "capture", "provider_unavailable")
    movements = (movement for entry in books.found for movement in entry.captures)
    ours = next((movement for movement in movements if movement.key == facts.provider_key), None)
    if ours is None:
        if now - facts.updated_at >= timedelta(seconds=GRACE_S):
            return _capture(capture, authorization)
        return later(saga, "capture", "provider_timeout")
    match ours.state:
        case ProviderMovementState.SUCCEEDED:
            return Write("order.dispatch", order.ref, {"_provider_reference": ours.id})
        case ProviderMovementState.FAILED:
            return _failed(order, "capture_failed")
        case ProviderMovementState.PENDING:
            return later(saga, "capture", "capture_pending")


def _failed(order: Order, code: str) -> Write:
    """The order stays approved; the agent is told why, and may try again with a new key."""
    capture, authorization = _parts(order)
    about = (authorization.home, authorization.id)
    refusal = PaymentDeclined("The payment could not be captured; the order stays approved.", code, about)
    return Write("capture.fail", capture.ref, {"_decline_code": code, "_refusal": refusal}, tells=refusal)


def _after_refusal(saga: Resource[SagaFacts], capture: Resource[CaptureFacts], last: Refused) -> Step:
    """The money is never forgotten: it is written down before anything else, then the policy is asked again."""
    refusal = last.refusal
    if isinstance(refusal, _MOVED):
        return Reload()
    if last.step.action != "order.dispatch":
        return later(saga, "capture", refusal.code.lower())
    denied = isinstance(refusal, Denied) and not is_fault(refusal)
    if capture.state != "succeeded":
        reference = last.step.args.get("_provider_reference")
        args = {"_provider_reference": reference, "_after_s": backoff_s(saga, "dispatch")}
        return Write("capture.succeed", capture.ref, args, then="go_on" if denied else "stop", tells=BUSY)
    if isinstance(refusal, Denied) and denied:
        code = refusal.reasons[0].code if refusal.reasons else "denied"
        args = {"_step": "dispatch", "_refusal": refusal, "_denied": code}
        return Write("saga.advance", saga.ref, args, tells=refusal)
    return later(saga, "dispatch", refusal.code.lower())
