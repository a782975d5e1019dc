"""Finds payment card numbers in text, so that none is ever stored or logged; knows no issuer ranges on purpose."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

SHORTEST, LONGEST = 13, 19

# A run of digits of any script with blanks, dots, dashes and what nobody sees between them.
_RUN = re.compile(r"\d(?:[\d\s._\u00ad\u200b-\u200d\u2010-\u2015\u2060\u2212\ufeff\uff0d-]*\d)?")
_GROUP = re.compile(r"\d+")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
# Keys of machines, not of cards: a UUID and a hexadecimal digest happen to contain such numbers now and then.
_KEY = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,128})(?![0-9a-z])", re.IGNORECASE
)


def has_card_number(text: str) -> bool:
    """Whether some 13 to 19 digits, blanks, dots and dashes between them ignored, pass the check of Luhn."""
    if len(text) < SHORTEST:
        return False
    return any(_hides_card(run) for run in _RUN.findall(_KEY.sub(" / ", text)) if len(run) >= SHORTEST)


def holds_card_number(value: Any) -> bool:
    """The same anywhere inside a JSON value, names of members included."""
    if isinstance(value, str):
        return has_card_number(value)
    if isinstance(value, dict):
        return any(has_card_number(key) or holds_card_number(item) for key, item in value.items())
    return isinstance(value, list) and any(map(holds_card_number, value))


def _hides_card(run: str) -> bool:
    """Looks at every number that whole neighbouring groups make, so that `2 x 4111 1111 ...` hides nothing.

    Sums of all digits before a place, doubled at even or at odd places, make each look one subtraction.
    """
    groups = _GROUP.findall(run)
    edges = [0, *accumulate(map(len, groups))]
    digits = [int(digit) for digit in "".join(groups)]
    if edges[-1] < SHORTEST or not any(digits):
        return False
    sums = tuple(
        [0, *accumulate(_DOUBLED[digit] if place % 2 == parity else digit for place, digit in enumerate(digits))]
        for parity in (0, 1)
    )
    first = 0
    for place, end in enumerate(edges):
        while end - edges[first] > LONGEST:
            first += 1
        total = sums[end % 2]  # the last digit of a number counts once, the one before it twice
        until = total[end]
        for start in edges[first:place]:
            if end - start < SHORTEST:
                break
            if (until - total[start]) % 10 == 0 and until != total[start]:
                return True
    return False
