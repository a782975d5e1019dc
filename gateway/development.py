"""Conveniences of development: tokens for the seed logins and a page to try queries; absent in production."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.tokens import DevelopmentIssuer
from db import sessions
from gateway.body import read_json_body
from gateway.endpoint import refuse
from gateway.errors import RefusedError
from gateway.media import accepted
from gateway.strict_json import parse

STATIC = Path(__file__).parent / "static"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class Development:
    def __init__(self, pool: asyncpg.Pool, issuer: DevelopmentIssuer, name: str) -> None:
        self._pool = pool
        self._issuer = issuer
        self._name = name

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/dev/token", self.token, methods=["POST"]),
            Route("/", lambda _: RedirectResponse("/graphiql", 307)),
            Route("/graphiql", self.page),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    async def token(self, request: Request) -> Response:
        """POST {"login": ...} answers {token, expiresAt}; there are no passwords."""
        try:
            login = await self._login(parse(await read_json_body(request)))
        except RefusedError as error:
            return refuse(error, accepted(None), request.scope["portcullis.exchange"])
        token, expires_at = self._issuer.issue(login)
        until = datetime.fromtimestamp(expires_at, UTC).isoformat().replace("+00:00", "Z")
        return Response(orjson.dumps({"token": token, "expiresAt": until}), media_type="application/json")

    async def _login(self, body: Any) -> str:
        login = body.get("login") if isinstance(body, dict) else None
        if not isinstance(login, str):
            raise RefusedError("BAD_REQUEST", '`login` must be a text, as in {"login": "buyer@acme.example"}.')
        if not await sessions.logins(self._pool, self._name, login=login):
            raise RefusedError("BAD_REQUEST", "No account has this login.", status=404)
        return login

    async def page(self, _: Request) -> Response:
        """GraphiQL with a switch between the logins."""
        known = sorted(await sessions.logins(self._pool, self._name))
        options = "".join(f"<option>{html.escape(login)}</option>" for login in known)
        text = (STATIC / "graphiql.html").read_text().replace("<!-- logins -->", options)
        return HTMLResponse(text, headers={"Content-Security-Policy": _PAGE_POLICY})
