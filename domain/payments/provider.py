"""What a payment provider can answer, as values; how it is asked is the adapter's business."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ProviderOutcome(StrEnum):
    """The five things a caller can know after one call; only SUCCEEDED means that money moved."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    # Sent, and no trustworthy answer: it may have happened. Only reconciliation leaves this.
    UNKNOWN = "unknown"
    # The provider refused the request as such: it certainly did nothing.
    FAILED = "failed"
    # Never sent: it certainly did nothing, and the same call may be made again later.
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    outcome: ProviderOutcome
    id: str | None = None
    amount: int | None = None
    decline_code: str | None = None
    reason: str | None = None

    @classmethod
    def succeeded(cls, provider_id: str, amount: int) -> Self:
        return cls(ProviderOutcome.SUCCEEDED, id=provider_id, amount=amount)

    @classmethod
    def declined(cls, provider_id: str, amount: int, code: str) -> Self:
        return cls(ProviderOutcome.DECLINED, id=provider_id, amount=amount, decline_code=code)

    @classmethod
    def unknown(cls, reason: str) -> Self:
        return cls(ProviderOutcome.UNKNOWN, reason=reason)

    @classmethod
    def failed(cls, reason: str) -> Self:
        return cls(ProviderOutcome.FAILED, reason=reason)

    @classmethod
    def unavailable(cls, reason: str) -> Self:
        return cls(ProviderOutcome.UNAVAILABLE, reason=reason)


class ProviderState(StrEnum):
    AUTHORIZED = "authorized"
    DECLINED = "declined"
    VOIDED = "voided"
    CAPTURED = "captured"


class ProviderMovementState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProviderMovement:
    """One capture or refund as the provider's books have it."""

    id: str
    key: str
    amount: int
    state: ProviderMovementState


@dataclass(frozen=True, slots=True)
class ProviderAuthorization:
    """One authorization as the provider's books have it: what reconciliation compares ours with."""

    id: str
    key: str
    reference: str
    amount: int
    currency: str
    method: str
    state: ProviderState
    decline_code: str | None
    captures: tuple[ProviderMovement, ...]
    refunds: tuple[ProviderMovement, ...]
    created_at: str

    @property
    def is_charge(self) -> bool:
        return self.state in {ProviderState.AUTHORIZED, ProviderState.CAPTURED}


class ProviderUnavailableError(Exception):
    """A read of the provider's books got no trustworthy answer; nothing can be concluded."""
