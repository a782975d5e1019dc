"""UUIDv7: ids that grow with time, in one process strictly; their prefix is time, so never a shard key."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_COUNTS = 1 << 12


class _Clock:
    """The last (millisecond, count) given out; a burst borrows from the next millisecond."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def tick(self) -> int:
        with self._lock:
            now = time.time_ns() // 1_000_000 * _COUNTS
            self._last = now if now > self._last else self._last + 1
            return self._last


_CLOCK = _Clock()


def new_id() -> UUID:
    """A new UUIDv7, greater than every one before it in this process."""
    milliseconds, count = divmod(_CLOCK.tick(), _COUNTS)
    return UUID(int=milliseconds << 80 | 7 << 76 | count << 64 | 2 << 62 | secrets.randbits(62))
