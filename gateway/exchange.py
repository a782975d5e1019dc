"""What is known of the request that runs: its ids, who asked, times and decisions; written to the log when it ends."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from starlette.datastructures import Headers

from domain.access.identity import Identity
from domain.cards import has_card_number
from domain.command import Request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_NO_TRACE, _NO_SPAN, _BAD_VERSION = "0" * 32, "0" * 16, "ff"


@dataclass(slots=True)
class Exchange:
    request_id: str
    trace_id: str
    sampled: str = "00"
    span_id: str = field(default_factory=lambda: secrets.token_hex(8))
    started: float = field(default_factory=time.perf_counter)
    spent: dict[str, float] = field(default_factory=dict)
    decisions: list[UUID] = field(default_factory=list)
    route: str = "other"
    operation: str | None = None
    fields: tuple[str, ...] = ()
    outcome: str = "OK"
    identity: Identity | None = None
    revision: int = 0

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.sampled}"

    @property
    def total_s(self) -> float:
        return time.perf_counter() - self.started

    def spend(self, what: str, seconds: float) -> None:
        self.spent[what] = self.spent.get(what, 0.0) + seconds

    def for_domain(self) -> Request:
        return Request(request_id=self.request_id, trace_id=self.trace_id)


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
enter, leave, current = _current.set, _current.reset, _current.get


def begin(headers: Headers, new_id: Callable[[], UUID]) -> Exchange:
    """Takes over the caller's ids where they are well formed."""
    given = headers.get("x-request-id", "")
    fits = _REQUEST_ID.fullmatch(given) is not None and not has_card_number(given)
    trace_id, sampled = _trace(headers.getlist("traceparent"))
    return Exchange(given if fits else str(new_id()), trace_id, sampled)


def _trace(given: list[str]) -> tuple[str, str]:
    """The caller's trace by the rules of W3C Trace Context, else a new one."""
    found = _TRACEPARENT.fullmatch(given[0]) if len(given) == 1 else None
    if found is not None:
        version, trace_id, span_id, flags, rest = found.groups()
        exact = version != "00" or rest is None
        if exact and version != _BAD_VERSION and trace_id != _NO_TRACE and span_id != _NO_SPAN:
            return trace_id, f"{int(flags, 16) & 1:02x}"
    return secrets.token_hex(16), "00"
