"""Refusals of a whole request: the closed list of codes, and how each is written; refusals of an action are data instead.

    Exception
    +-- RequestError           a coded no, told as it is
        +-- MediaTypeError     no JSON body (415)
        +-- MethodError        another HTTP method (405)
        +-- SlowBodyError      the body did not arrive in time (408)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from domain.refusals import Retryable


@dataclass(frozen=True, slots=True)
class Code:
    status: int
    retryable: Retryable = "NEVER"
    retry_after_ms: int | None = None


CODES: Mapping[str, Code] = MappingProxyType(
    {
        "UNAUTHENTICATED": Code(401, "AFTER_AUTH"),
        "BODY_TOO_LARGE": Code(413),
        "DOCUMENT_TOO_LONG": Code(400),
        "BAD_REQUEST": Code(400),
        "VALIDATION_FAILED": Code(400),
        "CARD_NUMBER_REFUSED": Code(400),
        "COST_TOO_HIGH": Code(400),
        "RATE_LIMITED": Code(429, "AFTER_DELAY", 1000),
        "OVERLOADED": Code(503, "AFTER_DELAY", 1000),
        "DEADLINE": Code(504, "AFTER_DELAY", 1000),
        "DATABASE_UNAVAILABLE": Code(503, "AFTER_DELAY", 1000),
        "INTERNAL": Code(500),
    }
)


class RequestError(Exception):
    """`reason` narrows the code for programs, such as `token.expired`; `locations` are places in the document."""

    status: ClassVar[int | None] = None  # another status than the code's own
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def __init__(
        self,
        code: str,
        message: str,
        *,
        reason: str | None = None,
        locations: list[Mapping[str, int]] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.locations = locations


class MediaTypeError(RequestError):
    status = 415

    def __init__(self, message: str) -> None:
        super().__init__("BAD_REQUEST", message)


class MethodError(RequestError):
    status = 405
    headers = MappingProxyType({"Allow": "POST"})

    def __init__(self) -> None:
        super().__init__("BAD_REQUEST", "Send the operation by POST with a JSON body.")


class SlowBodyError(RequestError):
    status = 408

    def __init__(self) -> None:
        super().__init__("BAD_REQUEST", "The body did not arrive in time.")


def extensions(code: str, request_id: str, trace_id: str, reason: str | None = None) -> dict[str, Any]:
    """What every error carries beside its message."""
    row = CODES[code]
    found: dict[str, Any] = {
        "code": code,
        "requestId": request_id,
        "traceId": trace_id,
        "retryable": row.retryable,
        "retryAfterMs": row.retry_after_ms,
    }
    if reason is not None:
        found["reason"] = reason
    return found


def shown(error: RequestError, request_id: str, trace_id: str) -> dict[str, Any]:
    """One error as the wire has it."""
    found: dict[str, Any] = {"message": error.message}
    if error.locations:
        found["locations"] = error.locations
    found["extensions"] = extensions(error.code, request_id, trace_id, error.reason)
    return found
