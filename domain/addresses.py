"""Postal addresses as values: valid for their country, one canonical JSON for the vault; who keeps them, others say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.pricing import TAX_BASIS_POINTS
from domain.refusals import Violation
from domain.text import text_violation

_POSTAL_CODES: dict[str, re.Pattern[str]] = {
    "AT": re.compile(r"[1-9][0-9]{3}"),
    "DE": re.compile(r"[0-9]{5}"),
    "FR": re.compile(r"[0-9]{5}"),
    "NL": re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}"),
}
_FIELDS = ("recipient", "lines", "postal_code", "city", "region", "country")


def violations_of(address: Mapping[str, Any], field: str) -> Iterator[Violation]:
    """Why an address is not one that is delivered to; `field` is where it stands in the input."""
    country = address.get("country")
    if country not in TAX_BASIS_POINTS:
        yield Violation(
            (*field.split("."), "country"), "COUNTRY_NOT_SERVED", "Nothing is delivered to this country yet."
        )
        return
    lines = address.get("lines") or ()
    if not 1 <= len(lines) <= 4:
        yield Violation((*field.split("."), "lines"), "LENGTH", "Must have 1 to 4 lines.")
    found = [
        text_violation(f"{field}.recipient", address.get("recipient"), 200),
        text_violation(f"{field}.city", address.get("city"), 200),
        text_violation(f"{field}.region", address.get("region"), 200, minimum=0),
        *(text_violation(f"{field}.lines.{n}", line, 200) for n, line in enumerate(lines)),
    ]
    yield from (violation for violation in found if violation is not None)
    if not _POSTAL_CODES[str(country)].fullmatch(str(address.get("postal_code") or "").strip()):
        yield Violation((*field.split("."), "postalCode"), "POSTAL_CODE", f"That is no postal code of {country}.")


def canonical(address: Mapping[str, Any]) -> str:
    """The text that the vault keeps."""
    kept = {name: _trimmed(address.get(name)) for name in _FIELDS}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list | tuple):
        return [_trimmed(item) for item in value]
    return value
