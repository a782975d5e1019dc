"""Bounds of text that people send; the wire checks them first, the rules check them again for imports and seeds."""

from __future__ import annotations

import re

from domain.cards import has_card_number
from domain.refusals import Invalid, Violation

LINE = 200
REASON = 1_000
PROSE = 4_000
# Controls but line breaks and tabs, what turns the direction of the text around it, and halves of characters.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def text_violation(field: str, value: str | None, limit: int, *, minimum: int = 1) -> Violation | None:
    """Why `value` may not stand in `field` (dotted path, as the client spells it); None where it may."""
    path = tuple(field.split("."))
    stripped = (value or "").strip()
    if not minimum <= len(stripped) <= limit:
        return Violation(path, "LENGTH", f"Must have {minimum} to {limit} characters.")
    if _UNSEEN.search(stripped):
        return Violation(path, "CONTROL_CHARACTER", "Must not contain control characters.")
    if has_card_number(stripped):
        return Violation(path, "CARD_NUMBER_REFUSED", "Must not contain the number of a payment card.")
    return None


def told(*found: Violation | None) -> Invalid | None:
    """Every violation in one refusal; None where there is none."""
    violations = tuple(violation for violation in found if violation is not None)
    if not violations:
        return None
    return Invalid("The input breaks its rules.", violations)
