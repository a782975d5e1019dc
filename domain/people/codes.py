"""The short code of an organization, which leads the numbers of its purchases; unique on the marketplace."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from itertools import count

LONGEST = 8
_NAMELESS = "ORG"


def code_of(name: str, taken: Container[str]) -> str:
    """2 to 8 upper-case letters or digits: the first word of the name that has two of them, numbered when taken.

    >>> code_of("Acme Corporation", set())
    'ACME'
    >>> code_of("Brightclean", {"BRIGHTCL"})
    'BRIGHTC2'
    """
    words = [_plain(word) for word in name.split()]
    first = next((word for word in words if len(word) >= 2), "".join(words))
    stem = (first if len(first) >= 2 else _NAMELESS)[:LONGEST]
    if stem not in taken:
        return stem
    for number in count(2):
        code = stem[: LONGEST - len(str(number))] + str(number)
        if code not in taken:
            return code
    raise AssertionError("count() ends")


def _plain(word: str) -> str:
    """Latin letters without their accents and digits, upper-case; all else is dropped."""
    decomposed = unicodedata.normalize("NFKD", word).upper()
    return "".join(c for c in decomposed if c.isascii() and c.isalnum())
