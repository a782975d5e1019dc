"""`/graphql`: one operation from bytes to bytes, in the order in which limits are cheap; decides nothing itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import orjson
from graphql import FieldNode, OperationDefinitionNode, OperationType
from starlette.requests import Request
from starlette.responses import Response

from adapters.telemetry import Log, told
from adapters.tokens import Claims
from db.outages import is_outage
from domain import command
from domain.access.identity import Identity
from gateway.authentication import Authentication
from gateway.body import read_json_body
from gateway.cards import holds_card_number
from gateway.documents import Documents, Prepared, card_refused
from gateway.errors import MethodError, RefusedError, shown
from gateway.exchange import Exchange
from gateway.execution import Executor, database_unavailable, within
from gateway.media import Media, accepted
from gateway.parameters import Parameters, parameters
from gateway.strict_json import parse

Identify = Callable[[], Awaitable[Identity | None]]
OpenContext = Callable[[Identity | None, command.Request, Identify | None], AbstractAsyncContextManager[Any]]


class GraphQL:
    def __init__(
        self,
        *,
        documents: Documents,
        executor: Executor,
        authentication: Authentication,
        open_context: OpenContext,
        log: Log,
        deadline_s: float,
    ) -> None:
        self._documents = documents
        self._executor = executor
        self._authentication = authentication
        self._open_context = open_context
        self._log = log
        self._deadline_s = deadline_s

    async def __call__(self, request: Request) -> Response:
        exchange: Exchange = request.scope["portcullis.exchange"]
        media = accepted(request.headers.get("accept"))
        try:
            return answer(await self._body(request, exchange), media)
        except RefusedError as error:
            return refuse(error, media, exchange)
        except Exception as error:
            if not is_outage(error):
                raise
            self._log.error("database_unavailable", request_id=exchange.request_id, exception=told(error))
            return refuse(database_unavailable(), media, exchange)

    async def _body(self, request: Request, exchange: Exchange) -> dict[str, Any]:
        if request.method != "POST":
            raise MethodError
        claims = self._authentication.claims(request.headers)
        asked = parameters(parse(await read_json_body(request)))
        prepared, operation = self._prepare(asked, exchange)
        exchange.spend("parse", exchange.total_s)
        again = partial(self._authentication.identity, claims, exchange) if claims else None
        async with within(self._deadline_s):
            identity = await self._identity(claims, operation, exchange)
            async with self._open_context(identity, exchange.for_domain(), again) as context:
                result = await self._executor.run(prepared, operation, asked.variables, context)
        return self._executor.shown(result, exchange)

    def _prepare(self, asked: Parameters, exchange: Exchange) -> tuple[Prepared, OperationDefinitionNode]:
        if holds_card_number(asked.variables):
            raise card_refused()
        prepared = self._documents.prepare(asked.query)
        operation = prepared.operation(asked.operation_name)
        exchange.operation = operation.operation.value
        exchange.fields = root_fields(operation)
        self._documents.check_cost(prepared, asked.variables)
        return prepared, operation

    async def _identity(
        self, claims: Claims | None, operation: OperationDefinitionNode, exchange: Exchange
    ) -> Identity | None:
        if claims is not None:
            return await self._authentication.identity(claims, exchange)
        if operation.operation is OperationType.MUTATION:
            raise RefusedError("UNAUTHENTICATED", "Sign in first.", reason="token.missing")
        return None


def root_fields(operation: OperationDefinitionNode) -> tuple[str, ...]:
    """For the log: validated names of the schema, never the client's own."""
    found = (node.name.value for node in operation.selection_set.selections if isinstance(node, FieldNode))
    return tuple(found)[:10]


def answer(body: dict[str, Any], media: Media) -> Response:
    return Response(orjson.dumps(body, default=str), headers={"Content-Type": media.content_type, "Vary": "Accept"})


def refuse(error: RefusedError, media: Media, exchange: Exchange) -> Response:
    """Without `data`, because nothing was carried out."""
    exchange.outcome = error.code
    headers = {"Content-Type": media.content_type, "Vary": "Accept", "Cache-Control": "no-store", **error.headers}
    if error.retry_after_ms is not None:
        headers["Retry-After"] = str(-(-error.retry_after_ms // 1000))
    if error.code == "UNAUTHENTICATED":
        headers["WWW-Authenticate"] = "Bearer" if error.reason == "token.missing" else 'Bearer error="invalid_token"'
    body = {"errors": [shown(part, exchange.request_id, exchange.trace_id) for part in error.parts]}
    return Response(orjson.dumps(body), media.status(error), headers)
