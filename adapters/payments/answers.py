"""What a provider's HTTP answer means; an answer that cannot be trusted is unknown, never a failure."""

from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter, ValidationError

from domain.payments.provider import (
    ProviderAnswer,
    ProviderAuthorization,
    ProviderMovementState,
    ProviderOutcome,
    ProviderState,
)

_AUTHORIZATION = TypeAdapter(ProviderAuthorization)
_PAGE = TypeAdapter(tuple[ProviderAuthorization, ...])
# The key belongs to another request of ours, so something did happen under it.
_AMBIGUOUS_REFUSALS = frozenset({"idempotency_mismatch"})
_AMBIGUOUS_STATUSES = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes

    @property
    def is_healthy(self) -> bool:
        return self.status < 500 and self.status != 429


def authorized(reply: Reply, key: str, amount: int, currency: str) -> ProviderAnswer:
    found = _authorization_in(reply)
    if isinstance(found, ProviderAnswer):
        return found
    if (found.key, found.amount, found.currency) != (key, amount, currency):
        return ProviderAnswer.unknown("answer_mismatch")
    match found.state:
        case ProviderState.AUTHORIZED | ProviderState.CAPTURED:
            return ProviderAnswer.succeeded(found.id, found.amount)
        case ProviderState.DECLINED:
            return ProviderAnswer.declined(found.id, found.amount, found.decline_code or "declined")
        case ProviderState.VOIDED:
            return ProviderAnswer.failed("authorization_voided")


def captured(reply: Reply, key: str, authorization: str, amount: int) -> ProviderAnswer:
    found = _authorization_in(reply)
    if isinstance(found, ProviderAnswer):
        return found
    ours = next((capture for capture in found.captures if capture.key == key), None)
    if found.id != authorization or ours is None or ours.amount != amount:
        return ProviderAnswer.unknown("answer_mismatch")
    match ours.state:
        case ProviderMovementState.SUCCEEDED:
            return ProviderAnswer.succeeded(ours.id, ours.amount)
        case ProviderMovementState.FAILED:
            return ProviderAnswer.failed("capture_failed")
        case ProviderMovementState.PENDING:
            return ProviderAnswer.unknown("capture_pending")


def voided(reply: Reply, authorization: str) -> ProviderAnswer:
    found = _authorization_in(reply)
    if isinstance(found, ProviderAnswer):
        return found
    if found.id != authorization or found.state is not ProviderState.VOIDED:
        return ProviderAnswer.unknown("answer_mismatch")
    return ProviderAnswer.succeeded(found.id, found.amount)


def closed(reply: Reply, key: str) -> ProviderAnswer:
    """SUCCEEDED: nothing was done under the key and nothing will be. FAILED with `key_in_use`: something was."""
    if reply.status != 200:
        return _refused(reply)
    try:
        content = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return ProviderAnswer.unknown("malformed_answer")
    if content != {"key": key, "closed": True}:
        return ProviderAnswer.unknown("answer_mismatch")
    return ProviderAnswer(ProviderOutcome.SUCCEEDED)


def page_in(reply: Reply) -> tuple[ProviderAuthorization, ...] | None:
    if reply.status != 200:
        return None
    try:
        return _PAGE.validate_json(reply.body, strict=True)
    except ValidationError:
        return None


def _authorization_in(reply: Reply) -> ProviderAuthorization | ProviderAnswer:
    if reply.status not in {200, 201}:
        return _refused(reply)
    try:
        return _AUTHORIZATION.validate_json(reply.body, strict=True)
    except ValidationError:
        return ProviderAnswer.unknown("malformed_answer")


def _refused(reply: Reply) -> ProviderAnswer:
    """Only a refusal in the provider's own form is a certain one; a proxy's 404 page proves nothing."""
    code = _error_code_in(reply.body)
    certain = 400 <= reply.status < 500 and reply.status not in _AMBIGUOUS_STATUSES
    if code is None or not certain or code in _AMBIGUOUS_REFUSALS:
        return ProviderAnswer.unknown(code or f"status_{reply.status}")
    return ProviderAnswer.failed(code)


def _error_code_in(body: bytes) -> str | None:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    error = content.get("error") if isinstance(content, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None
