"""What the rules know of an authorization and of a capture; nothing of the provider's books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.facts import Resource
from domain.sagas.facts import SagaFacts


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """`captured_minor` and `capturable` look at every order of the purchase; `saga` is the one it is a step of."""

    purchase: UUID
    reference: str  # the purchase's number, which the provider knows it by
    attempt: int
    amount_minor: int
    currency: str
    method: str
    provider_key: str
    provider_reference: str | None
    decline_code: str | None
    updated_at: datetime
    captured_minor: int = 0  # succeeded, pending or not known
    capturable: bool = True  # some order of the purchase may still be captured
    saga: Resource[SagaFacts] | None = None


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """`parent` (the authorization) and `saga` (the dispatch) are there where a capture itself is asked about."""

    order: UUID
    authorization: UUID
    amount_minor: int
    currency: str
    provider_key: str
    provider_reference: str | None
    updated_at: datetime
    parent: Resource[AuthorizationFacts] | None = None
    saga: Resource[SagaFacts] | None = None
