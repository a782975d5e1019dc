"""The sandbox's HTTP surface: routes, who may ask, and the methods that never answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.payments.sandbox import answers
from adapters.payments.sandbox.books import Books
from adapters.payments.sandbox.clerk import Clerk
from adapters.payments.sandbox.courier import Courier
from adapters.payments.sandbox.methods import METHODS, Hang
from adapters.payments.sandbox.outbox import Outbox
from adapters.payments.sandbox.provider import Provider, Recorded
from adapters.payments.sandbox.reading import UNAUTHORIZED, bears, read_write
from adapters.payments.sandbox.requests import (
    Authorize,
    Capture,
    Close,
    Command,
    Refusal,
    Void,
    read_page,
)
from adapters.payments.settings import PaymentsSettings

NOT_TOLD = Refusal(504, "timeout", "what became of this request is not told")
CommandT = TypeVar("CommandT", bound=Command)
Change = Callable[[str, str, CommandT], Recorded | Refusal]


class Sandbox:
    def __init__(self, settings: PaymentsSettings) -> None:
        self._settings = settings
        self._bearer = settings.payments_key.get_secret_value()
        self._clerk = Clerk()
        self._books = Books(settings.home / "payments.db")
        url = settings.payments_webhook_url
        outbox = None if url is None else Outbox(self._books.db)
        self._provider = Provider(self._books, outbox)
        self._courier: Courier | None = None
        if url is not None and outbox is not None:
            secret = settings.payments_webhook_secret.get_secret_value()
            self._courier = Courier(outbox, self._clerk, url, secret)

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        carrying = None if self._courier is None else asyncio.create_task(self._courier.run())
        yield
        if carrying is not None:
            carrying.cancel()
            with suppress(asyncio.CancelledError):
                await carrying
        await self._clerk.do(self._books.close)
        self._clerk.close()

    async def health(self, _request: Request) -> Response:
        await self._clerk.do(self._books.ping)
        return answers.json(200, {"status": "ok"})

    async def authorize(self, request: Request) -> Response:
        read = await read_write(request, Authorize, self._bearer)
        if isinstance(read, Refusal):
            return answers.refused(read)
        key, command = read
        if await self._clerk.do(partial(self._provider.stalls, key, command)):
            return await self._hang(request)
        result = await self._clerk.do(partial(self._provider.authorize, key, command))
        self._announce()
        silent = METHODS[command.method].hang is Hang.AFTER_RECORDING
        if silent and isinstance(result, Recorded) and not result.replayed:
            return await self._hang(request)
        return answers.recorded(result, fresh=201)

    async def capture(self, request: Request) -> Response:
        return await self._change(request, Capture, self._provider.capture, fresh=201)

    async def void(self, request: Request) -> Response:
        return await self._change(request, Void, self._provider.void, fresh=200)

    async def close(self, request: Request) -> Response:
        read = await read_write(request, Close, self._bearer)
        if isinstance(read, Refusal):
            return answers.refused(read)
        key, _ = read
        refusal = await self._clerk.do(partial(self._provider.close, key))
        return answers.json(200, {"key": key, "closed": True}) if refusal is None else answers.refused(refusal)

    async def find(self, request: Request) -> Response:
        if not self._may_read(request):
            return answers.refused(UNAUTHORIZED)
        authorization = request.path_params["id"]
        found = await self._clerk.do(partial(self._provider.find, authorization))
        return answers.recorded(found, fresh=200)

    async def page(self, request: Request) -> Response:
        if not self._may_read(request):
            return answers.refused(UNAUTHORIZED)
        asked = request.query_params
        page = read_page(asked.get("reference"), asked.get("after"), asked.get("limit"))
        if isinstance(page, Refusal):
            return answers.refused(page)
        found = await self._clerk.do(partial(self._provider.page, page))
        if isinstance(found, Refusal):
            return answers.refused(found)
        return answers.listed(request, page, found)

    async def _change(
        self, request: Request, kind: type[CommandT], change: Change[CommandT], *, fresh: int
    ) -> Response:
        read = await read_write(request, kind, self._bearer)
        if isinstance(read, Refusal):
            return answers.refused(read)
        key, command = read
        authorization = request.path_params["id"]
        result = await self._clerk.do(partial(change, key, authorization, command))
        self._announce()
        return answers.recorded(result, fresh=fresh)

    def _may_read(self, request: Request) -> bool:
        """Outside production anybody may look with plain curl: there is nothing real to see."""
        return not self._settings.is_production or bears(request, self._bearer)

    def _announce(self) -> None:
        if self._courier is not None:
            self._courier.wake()

    async def _hang(self, request: Request) -> Response:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.payments_hang):
                # The body has been read, so the next message can only be the disconnect.
                await request.receive()
        return answers.refused(NOT_TOLD)


def build_app(settings: PaymentsSettings) -> Starlette:
    sandbox = Sandbox(settings)
    return Starlette(
        routes=[
            Route("/healthz", sandbox.health),
            Route("/v1/authorizations", sandbox.page),
            Route("/v1/authorizations", sandbox.authorize, methods=["POST"]),
            Route("/v1/authorizations/close", sandbox.close, methods=["POST"]),
            Route("/v1/authorizations/{id}", sandbox.find),
            Route("/v1/authorizations/{id}/captures", sandbox.capture, methods=["POST"]),
            Route("/v1/authorizations/{id}/void", sandbox.void, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _http_error, Exception: _internal_error},
        lifespan=sandbox.lifespan,
    )


async def _http_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    codes = {404: "not_found", 405: "method_not_allowed"}
    return answers.refused(Refusal(status, codes.get(status, "refused"), "no such operation"))


async def _internal_error(_request: Request, _error: Exception) -> Response:
    return answers.refused(Refusal(500, "internal", "the sandbox failed; see its log"))
