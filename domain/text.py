"""Bounds of text that people send; the wire checks them first, the rules check them again for imports and seeds."""

from __future__ import annotations

from domain.refusals import Invalid, Violation

LINE = 200
REASON = 1_000
PROSE = 4_000
_BREAKS = "\n\r\t"


def text_violation(field: str, value: str | None, limit: int, *, minimum: int = 1) -> Violation | None:
    """Why `value` may not stand in `field` (dotted path, as the client spells it); None where it may."""
    path = tuple(field.split("."))
    stripped = (value or "").strip()
    if not minimum <= len(stripped) <= limit:
        return Violation(path, "LENGTH", f"Must have {minimum} to {limit} characters.")
    if any((ord(c) < 32 and c not in _BREAKS) or 0xD800 <= ord(c) <= 0xDFFF for c in stripped):
        return Violation(path, "CONTROL_CHARACTER", "Must not contain control characters.")
    return None


def told(*found: Violation | None) -> Invalid | None:
    """Every violation in one refusal; None where there is none."""
    violations = tuple(violation for violation in found if violation is not None)
    if not violations:
        return None
    return Invalid("The input breaks its rules.", violations)
