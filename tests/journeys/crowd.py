"""Several requests at the same instant: each in a thread of its own, let go together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

ValueT = TypeVar("ValueT")


def at_once(calls: Sequence[Callable[[], ValueT]]) -> list[ValueT]:
    """What each answers, in the order given."""
    line = threading.Barrier(len(calls))

    def go(call: Callable[[], ValueT]) -> ValueT:
        line.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(go, calls))
