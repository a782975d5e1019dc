"""From what the provider says to HTTP; an error is always `{"error": {code, message}}`."""

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from adapters.payments.sandbox.books import Authorization
from adapters.payments.sandbox.provider import Recorded
from adapters.payments.sandbox.requests import Page, Refusal


def json(status: int, content: object, headers: dict[str, str] | None = None) -> Response:
    body = orjson.dumps(content)
    return Response(body, status, headers, media_type="application/json")


def refused(refusal: Refusal) -> Response:
    content = {"error": {"code": refusal.code, "message": refusal.message}}
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else None
    return json(refusal.status, content, headers)


def recorded(result: Recorded | Refusal, *, fresh: int) -> Response:
    """Answer a replay with 200, so that a client can tell that it did nothing this time."""
    if isinstance(result, Refusal):
        return refused(result)
    content = asdict(result.authorization)
    if result.replayed:
        return json(200, content, {"Idempotent-Replayed": "true"})
    return json(fresh, content)


def listed(request: Request, page: Page, found: Sequence[Authorization]) -> Response:
    """Answer a plain array; `Link` names the next page when this one is full."""
    headers = None
    if len(found) == page.limit:
        asked = {"reference": page.reference, "after": found[-1].id, "limit": page.limit}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        headers = {"Link": f'<{request.url.path}?{query}>; rel="next"'}
    return json(200, [asdict(one) for one in found], headers)
