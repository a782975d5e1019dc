"""One page of a list by keyset: what was asked, what came, and cursors that nobody but us can make."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

MOST = 100
COUNTED = 10_000
_MAC = 12


class CursorError(ValueError):
    """A cursor that was not made for this very list."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page as asked for; `filter` has plain values only (its hash is part of the cursor)."""

    sort: str
    descending: bool
    first: int
    after: str | None
    filter: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`keys` are the sort values of the items, in step with them."""

    items: Sequence[T]
    keys: Sequence[tuple[str, ...]]
    more: bool


@dataclass(frozen=True, slots=True)
class Cursors:
    """Makes and reads cursors under one key."""

    key: bytes

    def seal(self, place: str, values: Sequence[str]) -> str:
        """The cursor of one row: its sort values, bound to the list named by `place`."""
        body = json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(place, body) + body).rstrip(b"=").decode()

    def open(self, place: str, text: str) -> tuple[str, ...]:
        """The sort values again. Raises `CursorError` for a cursor of another list, viewer or maker."""
        try:
            raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError as error:
            raise CursorError(text) from error
        mac, body = raw[:_MAC], raw[_MAC:]
        if not hmac.compare_digest(mac, self._mac(place, body)):
            raise CursorError(text)
        return tuple(json.loads(body))

    def _mac(self, place: str, body: bytes) -> bytes:
        head = place.encode()
        return hmac.digest(self.key, b"%d:%b%b" % (len(head), head, body), hashlib.sha256)[:_MAC]


def place(noun: str, wanted: Wanted, *scope: object) -> str:
    """The name of one list: noun, sort, direction, filter and whoever looks (`scope`)."""
    canonical = json.dumps(wanted.filter, sort_keys=True, default=str, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:16]
    return "|".join([noun, wanted.sort, "desc" if wanted.descending else "asc", digest, *map(str, scope)])
