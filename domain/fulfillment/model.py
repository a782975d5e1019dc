"""Shipments as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.model import Entity, Governed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment(Governed):
    """`home` is the buyer, `counterparty` the vendor's organization."""

    noun: ClassVar[str] = "shipment"
    counterparty: UUID
    order: UUID
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    dispatched_by: UUID
    dispatched_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLine(Entity):
    noun: ClassVar[str] = "shipment_line"
    line: UUID
    quantity: int
