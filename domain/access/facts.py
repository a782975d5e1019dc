"""What the rules of access need to know beyond what every rule knows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class GrantToBe:
    """The kind of the organization in which the role is to be held."""

    organization_kind: str


@dataclass(frozen=True, slots=True)
class GrantHeld:
    person: UUID


@dataclass(frozen=True, slots=True)
class SessionTarget:
    """`target_roles`: what the person holds now in the organization that the session is to act for."""

    target_roles: tuple[str, ...] = ()
