"""JSON from strangers: bounded in depth and digits, valid UTF-8, no NUL, no surrogates, no NaN; knows no GraphQL."""

from __future__ import annotations

import re
from typing import Any

import orjson

from gateway.errors import RefusedError

DEEPEST = 32
LONGEST_NUMBER = 40

# Possessive, so that a missing closing quote costs one pass and not one pass per quote.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_LONG_NUMBER = re.compile(rb"[0-9.eE+-]{%d}" % (LONGEST_NUMBER + 1))
# What may hide a NUL: the escape with an odd number of backslashes is one, the other is text.
_MAYBE_NUL = b"\\u0000"


def parse(body: bytes) -> Any:
    """The value of `body`; raises `RefusedError` BAD_REQUEST for everything that is no harmless JSON."""
    bare = _STRING.sub(b"", body)
    if _depth(bare) > DEEPEST:
        raise _bad(f"The JSON is nested deeper than {DEEPEST} levels.")
    if _LONG_NUMBER.search(bare):
        raise _bad(f"A number has more than {LONGEST_NUMBER} characters.")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _bad(f"The body is not valid JSON in UTF-8 (line {error.lineno}, column {error.colno}).") from None
    if _MAYBE_NUL in body and _has_nul(value):
        raise _bad("A text contains the character NUL.")
    return value


def _depth(bare: bytes) -> int:
    deepest = level = 0
    for found in _BRACKETS.findall(bare):
        level += 1 if found in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def _has_nul(value: Any) -> bool:
    """Recursion is bounded by DEEPEST."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in key or _has_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))


def _bad(message: str) -> RefusedError:
    return RefusedError("BAD_REQUEST", message)
