"""What a checkout does next, as a pure function of what is written down and what the last step answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.facts import Resource
from domain.outcomes import refusal_from_json
from domain.payments.attempts import authorization_facts
from domain.payments.provider import ProviderAnswer, ProviderAuthorization, ProviderOutcome, ProviderState
from domain.purchases.facts import Purchase, PurchaseFacts
from domain.purchases.giving_back import void_key
from domain.refusals import (
    Conflict,
    Denied,
    IllegalTransition,
    NotFound,
    PaymentDeclined,
    Refusal,
)
from domain.sagas.facts import SagaFacts, detail_of
from domain.sagas.steps import (
    Authorize,
    Books,
    Close,
    Closing,
    Ended,
    Last,
    Lookup,
    Refused,
    Reload,
    Step,
    Void,
    Write,
)
from domain.sagas.waiting import BUSY, GRACE_S, LOOK_AFTER_S, backoff_s, is_fault, later

_MOVED = (Conflict, IllegalTransition, NotFound)


def next_step(saga: Resource[SagaFacts], last: Last, now: datetime) -> Step:
    """The next step of a CHECKOUT."""
    purchase: Purchase | None = detail_of(saga).subject
    if purchase is None or purchase.detail is None:
        raise ValueError("a checkout without its purchase")
    if saga.state in ("finished", "failed") or purchase.state in ("placed", "failed"):
        return Ended()
    match last:
        case Refused():
            return _after_refusal(saga, purchase, purchase.detail, last)
        case Books():
            return _after_books(saga, purchase, purchase.detail, last, now)
        case Closing():
            return _after_closing(saga, purchase, purchase.detail, last.answer)
        case ProviderAnswer() if purchase.state == "compensating":
            return _after_void(saga, purchase, purchase.detail, last)
        case ProviderAnswer():
            return _after_authorize(saga, purchase, purchase.detail, last)
    return _from_records(purchase, purchase.detail, now)


def _from_records(purchase: Purchase, detail: PurchaseFacts, now: datetime) -> Step:
    """Where a process that knows nothing but the rows goes on."""
    authorization = detail.authorization
    facts = authorization_facts(authorization)
    if purchase.state == "compensating":
        if authorization.state == "authorized" and facts.provider_reference is not None:
            return Void(void_key(purchase.id), facts.provider_reference)
        return Write("purchase.fail", purchase.ref, tells=_failure(detail))
    match authorization.state:
        case "initiated" if purchase.state == "awaiting_provider" and now > detail.expires_at:
            return _given_up(purchase, detail, "declined", "provider_unavailable")
        case "initiated":
            return Authorize(facts.provider_key, detail.number, facts.amount_minor, facts.currency, facts.method)
        case "unknown":
            return Lookup(detail.number)
        case "authorized":
            return Write("purchase.place", purchase.ref)
        case _:
            return _given_up(purchase, detail, None, facts.decline_code or "declined")


def _after_authorize(
    saga: Resource[SagaFacts], purchase: Purchase, detail: PurchaseFacts, answer: ProviderAnswer
) -> Step:
    match answer.outcome:
        case ProviderOutcome.SUCCEEDED:
            return Write("purchase.place", purchase.ref, {"_provider_reference": answer.id})
        case ProviderOutcome.DECLINED:
            return _given_up(purchase, detail, "declined", answer.decline_code or "declined", answer.id)
        case ProviderOutcome.FAILED:
            return _given_up(purchase, detail, "declined", answer.reason or "refused")
        case ProviderOutcome.UNKNOWN:
            return _unknown(purchase, detail)
        case ProviderOutcome.UNAVAILABLE if purchase.state == "authorizing":
            args = {"_unknown": False, "_after_s": LOOK_AFTER_S, "_error": "provider_unavailable"}
            return Write("purchase.await_provider", purchase.ref, args)
        case ProviderOutcome.UNAVAILABLE:
            return later(saga, "authorize", "provider_unavailable")


def _unknown(purchase: Purchase, detail: PurchaseFacts) -> Step:
    """U: nobody guesses; the client sees the purchase wait."""
    args = {"_unknown": True, "_after_s": LOOK_AFTER_S, "_error": "provider_timeout"}
    if purchase.state == "authorizing":
        return Write("purchase.await_provider", purchase.ref, args)
    return Write("authorization.mark_unknown", detail.authorization.ref, args)


def _after_void(saga: Resource[SagaFacts], purchase: Purchase, detail: PurchaseFacts, answer: ProviderAnswer) -> Step:
    if answer.outcome is ProviderOutcome.SUCCEEDED:
        return Write("purchase.fail", purchase.ref, tells=_failure(detail))
    if answer.outcome is ProviderOutcome.FAILED:
        return Lookup(detail.number)
    return later(saga, "authorize", f"void_{answer.outcome}")


def _after_books(
    saga: Resource[SagaFacts], purchase: Purchase, detail: PurchaseFacts, books: Books, now: datetime
) -> Step:
    """What the books say settles it; after a grace of silence the key is closed."""
    facts = authorization_facts(detail.authorization)
    if books.found is None:
        return later(saga, "authorize", "provider_unavailable")
    found = next((entry for entry in books.found if entry.key == facts.provider_key), None)
    if purchase.state == "compensating":
        if found is None or found.state in (ProviderState.VOIDED, ProviderState.DECLINED):
            return Write("purchase.fail", purchase.ref, tells=_failure(detail))
        return later(saga, "authorize", "void_refused")
    if found is None:
        if now - facts.updated_at >= timedelta(seconds=GRACE_S):
            return Close(facts.provider_key)
        return later(saga, "authorize", "provider_timeout")
    return _found(purchase, detail, found)


def _after_closing(
    saga: Resource[SagaFacts], purchase: Purchase, detail: PurchaseFacts, answer: ProviderAnswer
) -> Step:
    """Given up only with the provider's word: silence of its books says nothing of a call that is still under way."""
    if answer.outcome is ProviderOutcome.SUCCEEDED:
        return _given_up(purchase, detail, "expired", "provider_timeout")
    if answer.outcome is ProviderOutcome.FAILED and answer.reason == "key_in_use":
        return Lookup(detail.number)
    return later(saga, "authorize", "provider_timeout")


def _found(purchase: Purchase, detail: PurchaseFacts, found: ProviderAuthorization) -> Step:
    match found.state:
        case ProviderState.AUTHORIZED | ProviderState.CAPTURED:
            return Write("purchase.place", purchase.ref, {"_provider_reference": found.id})
        case ProviderState.DECLINED:
            return _given_up(purchase, detail, "declined", found.decline_code or "declined", found.id)
        case ProviderState.VOIDED:
            return _given_up(purchase, detail, "voided", "authorization_voided", found.id)


def _given_up(
    purchase: Purchase, detail: PurchaseFacts, target: str | None, code: str, reference: str | None = None
) -> Write:
    """C where the provider holds nothing: all of it in one change."""
    about = (detail.authorization.home, detail.authorization.id)
    refusal = PaymentDeclined("The payment was not accepted; everything that was held is free again.", code, about)
    args = {"_target": target, "_decline_code": code, "_provider_reference": reference, "_refusal": refusal}
    return Write("purchase.compensate", purchase.ref, args, tells=refusal)


def _after_refusal(saga: Resource[SagaFacts], purchase: Purchase, detail: PurchaseFacts, last: Refused) -> Step:
    """A policy that says no ends it; one that says nothing (or nothing clean) is asked again later."""
    refusal = last.refusal
    if isinstance(refusal, _MOVED):
        return Reload()
    if last.step.action != "purchase.place":
        return later(saga, "authorize", refusal.code.lower())
    reference = last.step.args.get("_provider_reference")
    recorded = detail.authorization.state == "authorized"
    if isinstance(refusal, Denied) and not is_fault(refusal):
        args = {
            "_target": None if recorded else "authorized",
            "_provider_reference": reference,
            "_refusal": refusal,
            "_denied": refusal.reasons[0].code if refusal.reasons else "denied",
        }
        return Write("purchase.compensate", purchase.ref, args, then="go_on")
    if recorded:
        return later(saga, "place", refusal.code.lower())
    action = "authorization.auto_reconcile" if detail.authorization.state == "unknown" else "authorization.confirm"
    args = {"_provider_reference": reference, "_after_s": backoff_s(saga, "place")}
    return Write(action, detail.authorization.ref, args, tells=BUSY)


def _failure(detail: PurchaseFacts) -> Refusal | None:
    """Why it failed, as it was written down when it turned round."""
    return None if detail.failure is None else refusal_from_json(detail.failure)
