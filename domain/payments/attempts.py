"""One row per call of a provider that told something; kept with the change that follows from it."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain.effects import Put
from domain.facts import Resource
from domain.payments.facts import AuthorizationFacts, CaptureFacts

Kind = Literal["authorize", "capture", "void", "lookup"]
Told = Literal["succeeded", "declined", "failed", "unknown"]


def authorization_facts(authorization: Resource[AuthorizationFacts]) -> AuthorizationFacts:
    if authorization.detail is None:
        raise ValueError("an authorization without its facts")
    return authorization.detail


def capture_facts(capture: Resource[CaptureFacts]) -> CaptureFacts:
    if capture.detail is None:
        raise ValueError("a capture without its facts")
    return capture.detail


def attempt(
    id: UUID,
    authorization: Resource[AuthorizationFacts],
    kind: Kind,
    told: Told,
    *,
    reference: str | None = None,
    decline_code: str | None = None,
    key: str | None = None,
    capture: Resource[CaptureFacts] | None = None,
) -> Put:
    facts = authorization_facts(authorization)
    taken = capture_facts(capture) if capture else None
    row = {
        "authorization_id": authorization.id,
        "capture_id": capture.id if capture else None,
        "kind": kind,
        "outcome": told,
        "amount_minor": taken.amount_minor if taken else facts.amount_minor,
        "currency": facts.currency,
        "provider_key": key or (taken.provider_key if taken else facts.provider_key),
        "provider_reference": reference,
        "decline_code": decline_code,
    }
    return Put("payment_attempt", authorization.home, id, row)
