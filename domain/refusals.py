"""Expected answers of no, as values; the wire shows each as the GraphQL type of the same name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from domain.money import Money

Retryable = Literal["NEVER", "AFTER_DELAY", "AFTER_AUTH", "AFTER_UPGRADE"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule said no. `rule` and `controls` are shown to holders of `policy:explain` only."""

    code: str
    message: str
    remedy: str | None = None
    rule: str | None = None
    controls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    code: ClassVar[str] = "DENIED"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    decision: UUID
    decision_home: UUID
    policy_revision: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class IllegalTransition:
    code: ClassVar[str] = "ILLEGAL_TRANSITION"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    state: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    code: ClassVar[str] = "CONFLICT"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    current_version: int


@dataclass(frozen=True, slots=True)
class InProgress:
    code: ClassVar[str] = "IN_PROGRESS"
    retryable: ClassVar[Retryable] = "AFTER_DELAY"
    message: str
    retry_after_ms: int


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken input rule; `field` is the path inside `input` as the client spells it."""

    field: tuple[str, ...]
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Invalid:
    code: ClassVar[str] = "INVALID"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    code: ClassVar[str] = "NOT_FOUND"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str = "No such object, or none that you may know of."


@dataclass(frozen=True, slots=True)
class ChangedPrice:
    line: UUID
    sku: str
    expected: Money
    actual: Money


@dataclass(frozen=True, slots=True)
class PriceChanged:
    code: ClassVar[str] = "PRICE_CHANGED"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    expected: Money
    actual: Money
    lines: tuple[ChangedPrice, ...]


@dataclass(frozen=True, slots=True)
class Shortage:
    line: UUID | None
    sku: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class OutOfStock:
    code: ClassVar[str] = "OUT_OF_STOCK"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    lines: tuple[Shortage, ...]


@dataclass(frozen=True, slots=True)
class PaymentDeclined:
    code: ClassVar[str] = "PAYMENT_DECLINED"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    decline_code: str
    authorization: tuple[UUID, UUID] | None = None  # (home, id)


@dataclass(frozen=True, slots=True)
class TooLate:
    code: ClassVar[str] = "TOO_LATE"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class IdempotencyMismatch:
    code: ClassVar[str] = "IDEMPOTENCY_MISMATCH"
    retryable: ClassVar[Retryable] = "NEVER"
    message: str = "This idempotency key was used with other input."


@dataclass(frozen=True, slots=True)
class Unavailable:
    code: ClassVar[str] = "UNAVAILABLE"
    retryable: ClassVar[Retryable] = "AFTER_DELAY"
    message: str
    reason: Literal["POLICY", "POLICY_BEHIND", "PROVIDER", "MAINTENANCE"]
    retry_after_ms: int = 1000
    decision: UUID | None = field(default=None)


Refusal = (
    Denied
    | IllegalTransition
    | Conflict
    | InProgress
    | Invalid
    | NotFound
    | PriceChanged
    | OutOfStock
    | PaymentDeclined
    | TooLate
    | IdempotencyMismatch
    | Unavailable
)

# Stored with the idempotency key and answered again; the others may turn out otherwise on a repeat.
STORED: tuple[type, ...] = (
    Conflict,
    IllegalTransition,
    PriceChanged,
    OutOfStock,
    PaymentDeclined,
    TooLate,
)


def invalid(field: str, code: str, message: str) -> Invalid:
    """One violation at a dotted path inside `input`."""
    return Invalid(message=message, violations=(Violation(tuple(field.split(".")), code, message),))
