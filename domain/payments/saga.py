"""What a release does next: it lets go of an authorization that no order of its purchase can use any more."""

from __future__ import annotations

from datetime import datetime

from domain.facts import Resource
from domain.payments.attempts import authorization_facts
from domain.payments.facts import AuthorizationFacts
from domain.payments.provider import ProviderAnswer, ProviderAuthorization, ProviderOutcome, ProviderState
from domain.refusals import Conflict, IllegalTransition, NotFound
from domain.sagas.facts import SagaFacts, detail_of
from domain.sagas.steps import Books, Ended, Last, Lookup, Refused, Reload, Step, Void, Write
from domain.sagas.waiting import later

_MOVED = (Conflict, IllegalTransition, NotFound)


def next_step(saga: Resource[SagaFacts], last: Last, now: datetime) -> Step:
    """The next step of a RELEASE. It looks at all orders of the purchase as they are now, so the last one voids."""
    authorization: Resource[AuthorizationFacts] | None = detail_of(saga).subject
    if authorization is None:
        raise ValueError("a release without its authorization")
    if saga.state in ("finished", "failed"):
        return Ended()
    facts = authorization_facts(authorization)
    if authorization.state != "authorized" or facts.capturable or facts.captured_minor:
        return Write("saga.advance", saga.ref, {"_step": "void", "_done": True})
    match last:
        case Refused(refusal=refusal):
            return Reload() if isinstance(refusal, _MOVED) else later(saga, "void", refusal.code.lower())
        case Books(found=found):
            return _after_books(saga, authorization, found)
        case ProviderAnswer(outcome=ProviderOutcome.SUCCEEDED):
            return _voided(saga, authorization)
        case ProviderAnswer(outcome=ProviderOutcome.FAILED):
            return Lookup(facts.reference)
        case ProviderAnswer(outcome=outcome):
            return later(saga, "void", f"void_{outcome}")
    return Void(detail_of(saga).steps["void"].key, facts.provider_reference or "")


def _after_books(
    saga: Resource[SagaFacts],
    authorization: Resource[AuthorizationFacts],
    found: tuple[ProviderAuthorization, ...] | None,
) -> Step:
    reference = authorization_facts(authorization).provider_reference
    if any(entry.id == reference and entry.state is ProviderState.VOIDED for entry in found or ()):
        return _voided(saga, authorization)
    return later(saga, "void", "void_refused")


def _voided(saga: Resource[SagaFacts], authorization: Resource[AuthorizationFacts]) -> Write:
    return Write("authorization.auto_void", authorization.ref, {"saga": saga.ref})
