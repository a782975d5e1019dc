"""What the rule of notes needs to know beyond what every rule knows."""

from __future__ import annotations

from dataclasses import dataclass

from domain.command import Ref

# The nouns a note may be left on: those of the schema's `Governed`.
GOVERNED: tuple[str, ...] = (
    "authorization",
    "cart",
    "grant",
    "order",
    "organization",
    "person",
    "policy_revision",
    "purchase",
    "runtime_setting",
    "saga",
    "service",
    "shipment",
    "variant",
    "vendor",
)


@dataclass(frozen=True, slots=True)
class NoteToBe:
    """What the note is to be about; the note lives in the subject's home."""

    subject: Ref
