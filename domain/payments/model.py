"""Payments as they are read: the money of one order, authorizations, captures and calls to the provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity, Governed
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Entity):
    """One row per order, with the order's id."""

    noun: ClassVar[str] = "payment"
    purchase: UUID
    authorized: Money
    captured: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization(Governed):
    noun: ClassVar[str] = "authorization"
    purchase: UUID
    attempt: int
    amount: Money
    method: str
    provider: str
    expires_at: datetime | None
    decline_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(Entity):
    noun: ClassVar[str] = "capture"
    counterparty: UUID
    order: UUID
    authorization: UUID
    amount: Money
    state: str
    failure: str | None
    requested_by: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAttempt(Entity):
    noun: ClassVar[str] = "payment_attempt"
    kind: str
    outcome: str
    amount: Money
    provider_key: str
    provider_reference: str | None
    decline_code: str | None
    at: datetime
