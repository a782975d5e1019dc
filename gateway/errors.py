"""Refusals of a whole request: the closed list of codes, and how each is written; an action is refused in the data.

resolvers.errors.RequestError   a coded error of one field or one request
+-- RefusedError                a no to the whole request, told as it is
    +-- MediaTypeError          no JSON body (415)
    +-- MethodError             another HTTP method (405)
    +-- SlowBodyError           the body did not arrive in time (408)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from domain.refusals import Retryable
from resolvers.errors import RequestError

Place = Mapping[str, int]


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


class RefusedError(RequestError):
    """`reason` narrows the code for programs, such as `token.expired`; `locations` are places in the document."""

    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        reason: str | None = None,
        locations: Sequence[Place] = (),
    ) -> None:
        row = CODES[code]
        super().__init__(code, message, retryable=row.retryable, retry_after_ms=row.retry_after_ms, reason=reason)
        self.status = status or row.status
        self.locations = locations

    @property
    def parts(self) -> Sequence[RefusedError]:
        """The single errors of one refusal."""
        return (self,)


class MediaTypeError(RefusedError):
    def __init__(self, message: str) -> None:
        super().__init__("BAD_REQUEST", message, status=415)


class MethodError(RefusedError):
    headers = MappingProxyType({"Allow": "POST"})

    def __init__(self) -> None:
        super().__init__("BAD_REQUEST", "Send the operation by POST with a JSON body.", status=405)


class SlowBodyError(RefusedError):
    def __init__(self) -> None:
        super().__init__("BAD_REQUEST", "The body did not arrive in time.", status=408)


def extensions(error: RequestError, request_id: str, trace_id: str) -> dict[str, Any]:
    """What every error carries beside its message."""
    found: dict[str, Any] = {
        "code": error.code,
        "requestId": request_id,
        "traceId": trace_id,
        "retryable": error.retryable,
        "retryAfterMs": error.retry_after_ms,
    }
    if error.reason is not None:
        found["reason"] = error.reason
    return found


def shown(error: RefusedError, request_id: str, trace_id: str) -> dict[str, Any]:
    """One error of a refused request as the wire has it."""
    found: dict[str, Any] = {"message": error.message}
    if error.locations:
        found["locations"] = list(error.locations)
    found["extensions"] = extensions(error, request_id, trace_id)
    return found
