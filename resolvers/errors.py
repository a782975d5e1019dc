"""The few errors that stand beside the data: sign-in, limits, outages; every other no is a refusal in the data."""

from __future__ import annotations

from domain.refusals import Retryable


class RequestError(Exception):
    """A coded error of one request or one field; the gateway shows `code` and `reason` in its extensions."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        retryable: Retryable = "NEVER",
        retry_after_ms: int | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable
        self.retry_after_ms = retry_after_ms
        self.reason = reason


def unauthenticated(message: str = "Sign in first.", reason: str | None = None) -> RequestError:
    return RequestError("UNAUTHENTICATED", message, retryable="AFTER_AUTH", reason=reason)


def bad_request(message: str) -> RequestError:
    return RequestError("BAD_REQUEST", message)


def withheld() -> RequestError:
    """A field whose group policy does not show to this viewer."""
    return RequestError("WITHHELD", "Policy withholds this from you.")
