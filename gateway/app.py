"""Puts the gateway together from its parts as one ASGI application; opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from joserfc.jwk import ECKey
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry import Schema

from adapters.telemetry import Figures, Log
from adapters.tokens import DevelopmentIssuer, Verifier
from domain.ports import Ports
from gateway.authentication import Authentication
from gateway.development import Development
from gateway.documents import Documents
from gateway.endpoint import GraphQL, OpenContext, refuse
from gateway.errors import RefusedError
from gateway.execution import Executor, internal
from gateway.health import Health
from gateway.media import accepted
from gateway.outermost import Outermost

_LOCAL = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"
_EXPOSED = ("X-Request-Id", "X-Policy-Revision", "Server-Timing", "Retry-After", "traceparent")
# A page that a developer serves from this machine may call the gateway; no other page may.
_CORS: Mapping[str, Any] = {
    "allow_origin_regex": _LOCAL,
    "allow_methods": ["POST", "GET"],
    "allow_headers": ["authorization", "content-type", "x-request-id", "traceparent"],
    "expose_headers": _EXPOSED,
    "max_age": 600,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the gateway is made of. `ports` are the measured ones; `development` only where logins need no password."""

    schema: Schema
    sdl: Path
    open_context: OpenContext
    pool: asyncpg.Pool
    ports: Ports
    keys: Mapping[str, ECKey]
    issuer: str
    audience: str
    deadline_s: float
    figures: Figures
    log: Log
    development: DevelopmentIssuer | None = None


def create_app(parts: Parts) -> ASGIApp:
    inner = Starlette(
        routes=_routes(parts),
        middleware=[Middleware(CORSMiddleware, **_CORS)] if parts.development else [],
        exception_handlers={HTTPException: _plain_refusal, Exception: _bug},
    )
    inner.router.redirect_slashes = False
    graphql = _graphql(parts)
    straight = {"/graphql": _for_pages(graphql) if parts.development else graphql}
    return Outermost(inner, straight, parts.log, parts.figures, parts.ports.new_id)


def _graphql(parts: Parts) -> ASGIApp:
    endpoint = GraphQL(
        documents=Documents(parts.schema._schema),  # noqa: SLF001 -- strawberry offers no other way
        executor=Executor(parts.schema, parts.log),
        authentication=Authentication(Verifier(parts.keys, parts.issuer, parts.audience), parts.pool, parts.ports),
        open_context=parts.open_context,
        log=parts.log,
        deadline_s=parts.deadline_s,
    )

    async def graphql(scope: Scope, receive: Receive, send: Send) -> None:
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)

    return graphql


def _for_pages(app: ASGIApp) -> ASGIApp:
    """With what a browser needs, for requests that name the origin of a page."""
    shared = CORSMiddleware(app, **_CORS)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        of_a_page = any(name == b"origin" for name, _ in scope["headers"])
        await (shared if of_a_page else app)(scope, receive, send)

    return either


def _routes(parts: Parts) -> list[BaseRoute]:
    health = Health(parts.pool, parts.ports)
    sdl = parts.sdl.read_bytes()

    async def show_schema(request: Request) -> Response:
        return Response(sdl, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})

    async def show_figures(request: Request) -> Response:
        return Response(generate_latest(parts.figures.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    routes: list[BaseRoute] = [
        Route("/healthz", health.live),
        Route("/readyz", health.ready),
        Route("/metrics", show_figures),
        Route("/schema.graphql", show_schema),
    ]
    if parts.development is not None:
        routes += Development(parts.pool, parts.development, parts.issuer).routes()
    return routes


async def _plain_refusal(request: Request, error: Exception) -> Response:
    """Unknown paths and methods."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    message = {404: "There is nothing at this address.", 405: "This address does not take this method."}
    refused = RefusedError("BAD_REQUEST", message.get(status, "This request cannot be answered."), status=status)
    answer = refuse(refused, accepted(None), request.scope["portcullis.exchange"])
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


async def _bug(request: Request, error: Exception) -> Response:
    exchange = request.scope["portcullis.exchange"]
    return refuse(internal(exchange), accepted(None), exchange)
