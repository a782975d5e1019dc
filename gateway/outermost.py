"""What holds for every request: ids, limits of its head, security headers, its log line and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.telemetry import Figures, Log, told
from gateway import exchange as exchanges
from gateway.errors import RefusedError, shown
from gateway.exchange import Exchange
from gateway.execution import internal

LONGEST_URL = 16 * 1024
LARGEST_HEAD = 32 * 1024
ROUTES = frozenset({"/graphql", "/healthz", "/readyz", "/metrics", "/schema.graphql", "/dev/token", "/graphiql"})
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

_SECURITY: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-site",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Outermost:
    """`straight` are applications by their exact path, which need no routing and answer for every method."""

    def __init__(
        self, app: ASGIApp, straight: Mapping[str, ASGIApp], log: Log, figures: Figures, new_id: Callable[[], UUID]
    ) -> None:
        self._app = app
        self._straight = straight
        self._log = log
        self._figures = figures
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        exchange = exchanges.begin(headers, self._new_id)
        exchange.route = scope["path"] if scope["path"] in ROUTES else "other"
        scope["portcullis.exchange"] = exchange
        token = exchanges.enter(exchange)
        answer = _Answer(send, exchange)
        try:
            refused = _too_long(scope)
            if refused is not None:
                await answer.refuse(refused)
            else:
                await self._straight.get(scope["path"], self._app)(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 -- the last line: the client gets a coded answer, we a stack
            self._log.error("masked", request_id=exchange.request_id, exception=told(error))
            await answer.refuse(internal(exchange))
        finally:
            exchanges.leave(token)
            self._note(scope, exchange, answer.status)

    def _note(self, scope: Scope, exchange: Exchange, status: int) -> None:
        """Never a token, a variable or a body; the path only where it is one of ours."""
        operation = exchange.operation or "none"
        figures = self._figures
        figures.of(figures.requests, exchange.route, exchange.outcome).inc()
        figures.of(figures.request_seconds, exchange.route, operation).observe(exchange.total_s)
        if exchange.route in _QUIET and status < 400:
            return
        who = exchange.identity
        self._log.info(
            "request",
            request_id=exchange.request_id,
            trace_id=exchange.trace_id,
            decision_ids=[str(decision) for decision in exchange.decisions],
            method=scope["method"] if scope["method"] in ("GET", "POST", "OPTIONS", "HEAD") else "other",
            route=exchange.route,
            operation=operation,
            fields=exchange.fields,
            status=status,
            outcome=exchange.outcome,
            person=who and str(who.person),
            session=who and str(who.session),
            acting_for=who and who.organization and str(who.organization),
            revision=exchange.revision or None,
            ms={"total": _ms(exchange.total_s), **{name: _ms(spent) for name, spent in exchange.spent.items()}},
        )


class _Answer:
    """Sends an answer, with the headers that every answer has."""

    def __init__(self, send: Send, exchange: Exchange) -> None:
        self._send = send
        self._exchange = exchange
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(MutableHeaders(scope=message))
        await self._send(message)

    async def refuse(self, error: RefusedError) -> None:
        """Answers unless an answer is on its way already."""
        self._exchange.outcome = error.code
        if self.status:
            return
        body = {"errors": [shown(error, self._exchange.request_id, self._exchange.trace_id)]}
        headers = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
        await self({"type": "http.response.start", "status": error.status, "headers": headers})
        await self({"type": "http.response.body", "body": orjson.dumps(body)})

    def _add_headers(self, headers: MutableHeaders) -> None:
        exchange = self._exchange
        for name, value in _SECURITY.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "private, no-store")
        headers["X-Request-Id"] = exchange.request_id
        headers["traceparent"] = exchange.traceparent
        if exchange.revision:
            headers["X-Policy-Revision"] = str(exchange.revision)
        spent = {**exchange.spent, "total": exchange.total_s}
        headers["Server-Timing"] = ", ".join(f"{name};dur={_ms(seconds)}" for name, seconds in spent.items())


def _too_long(scope: Scope) -> RefusedError | None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_URL:
        return RefusedError("BAD_REQUEST", f"A URL may have at most {LONGEST_URL} bytes.", status=414)
    if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > LARGEST_HEAD:
        return RefusedError("BAD_REQUEST", f"All headers may have at most {LARGEST_HEAD} bytes.", status=431)
    return None


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
