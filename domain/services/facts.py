"""What the rules of services need to know beyond what every rule knows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ServiceHad:
    """`vendor_state`: the vendor's standing when a service is created; `variants`: how many it has so far."""

    kind: str
    vendor_state: str
    variants: int = 0


@dataclass(frozen=True, slots=True)
class VariantHad:
    """The service a variant belongs to, or is to belong to; `currency` is None before it has a price."""

    service: UUID
    kind: str
    sku: str
    currency: str | None
