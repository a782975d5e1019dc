"""Finds payment card numbers in text, so that none is ever stored or logged; knows no issuer ranges on purpose.

Only the industry digit counts (ISO/IEC 7812): payment cards begin with 2 to 6, so no clock's count of milliseconds
or nanoseconds is ever taken for one.
"""

from __future__ import annotations

import re
from itertools import accumulate

SHORTEST, LONGEST = 13, 19

# A run of digits of any script with blanks, dots, commas, slashes, dashes and what nobody sees between them.
_RUN = re.compile(r"\d(?:[\d\s.,/_\u00ad\u200b-\u200d\u2010-\u2015\u2060\u2212\ufeff\uff0d-]*\d)?")
_GROUP = re.compile(r"\d+")
# Keys of machines, not of cards: a UUID and a hexadecimal digest happen to contain such numbers now and then.
_KEY = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,128})(?![0-9a-z])", re.IGNORECASE
)
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_FIRST = bytes(2 <= digit <= 6 for digit in range(256))
_PASSES = bytes(total % 10 == 0 for total in range(256))


def has_card_number(text: str) -> bool:
    """Whether some 13 to 19 digits from 2 to 6 on, with or without separators, pass the check of Luhn."""
    if len(text) < SHORTEST:
        return False
    return any(_hides_card(run) for run in _RUN.findall(_KEY.sub("|", text)) if len(run) >= SHORTEST)


def _hides_card(run: str) -> bool:
    """Looks at every number that whole neighbouring groups make, so that `2 x 4111 1111 ...` hides nothing.

    One byte for each digit, all of them in one integer: adding it, shifted, once for each place of a number gives
    the sums of the numbers that end at every digit at once. A sum of 19 digits fits into its byte.
    """
    groups = _GROUP.findall(run)
    digits = "".join(groups)
    if len(digits) < SHORTEST:
        return False
    values = digits.encode().translate(_VALUES) if digits.isascii() else bytes(map(int, digits))
    ends = bytearray(len(values))
    for end in accumulate(map(len, groups)):
        ends[end - 1] = True
    last, before = _packed(values), _packed(values.translate(_DOUBLED))
    ending = _packed(ends)
    starting = _packed(b"\1" + ends[:-1]) & _packed(values.translate(_FIRST))
    sums = 0
    for place in range(LONGEST):
        sums += (before if place % 2 else last) << 8 * place
        if place + 1 >= SHORTEST:
            passing = _packed(sums.to_bytes(len(values) + LONGEST, "little").translate(_PASSES))
            if passing & ending & starting << 8 * place:
                return True
    return False


def _packed(values: bytes | bytearray) -> int:
    return int.from_bytes(values, "little")
