"""What the rules of people need to know beyond what every rule knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganizationToBe:
    """`codes`: every code that is taken. `parent_kind`: None where no parent is named, or none is there."""

    codes: frozenset[str]
    parent_kind: str | None
