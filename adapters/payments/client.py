"""The payment provider as the saga sees it: one call, one answer, no retry and no waiting inside."""

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import orjson

from adapters.breaker import Breaker, BreakerState
from adapters.payments import answers
from adapters.payments.answers import Reply
from adapters.payments.row import ROW, PaymentsRow
from domain.payments.provider import (
    ProviderAnswer,
    ProviderAuthorization,
    ProviderUnavailableError,
)

# No digit fits in, hence no card number, whatever a caller passes.
METHOD_TOKEN = re.compile(r"pm_[a-z_]{2,40}")
KEY = re.compile(r"[\x21-\x7e]{1,200}")
PROVIDER_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
MAX_ANSWER = 4 * 1024 * 1024
PAGE = 200


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer. `unsent`: it is certain that the provider saw nothing."""

    unsent: bool
    reason: str

    def as_answer(self) -> ProviderAnswer:
        if self.unsent:
            return ProviderAnswer.unavailable(self.reason)
        return ProviderAnswer.unknown(self.reason)


@dataclass(frozen=True, slots=True)
class _Call:
    verb: str
    path: str
    key: str | None = None
    content: Mapping[str, str | int] | None = None
    query: Mapping[str, str] | None = None


class PaymentsClient:
    """One per process, entered once: `async with PaymentsClient(url, key) as payments`.

    Writes and reads have a breaker each, so that lookups that go well do not hide writes that hang.
    """

    def __init__(
        self, url: str, bearer: str, row: PaymentsRow = ROW, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.row = row
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
        self._writes = Breaker(row.breaker, clock)
        self._reads = Breaker(row.breaker, clock)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.row.budget, keepalive_timeout=self.row.idle),
            timeout=aiohttp.ClientTimeout(
                total=self.row.timeout, connect=min(self.row.connect_timeout, self.row.timeout / 2)
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def state(self) -> BreakerState:
        """Whether authorizing is worth trying; routing and `/readyz` look at it."""
        return self._writes.state

    async def authorize(self, key: str, reference: str, amount: int, currency: str, method: str) -> ProviderAnswer:
        if METHOD_TOKEN.fullmatch(method) is None:
            return ProviderAnswer.failed("invalid_method")
        content: dict[str, str | int] = {
            "amount": amount,
            "currency": currency,
            "method": method,
            "reference": reference,
        }
        reply = await self._write(key, "/v1/authorizations", content)
        if isinstance(reply, Silence):
            return reply.as_answer()
        return answers.authorized(reply, key, amount, currency)

    async def capture(self, key: str, authorization: str, amount: int) -> ProviderAnswer:
        reply = await self._write(key, f"{_path_of(authorization)}/captures", {"amount": amount})
        if isinstance(reply, Silence):
            return reply.as_answer()
        return answers.captured(reply, key, authorization, amount)

    async def void(self, key: str, authorization: str) -> ProviderAnswer:
        reply = await self._write(key, f"{_path_of(authorization)}/void", {})
        if isinstance(reply, Silence):
            return reply.as_answer()
        return answers.voided(reply, authorization)

    async def close(self, key: str) -> ProviderAnswer:
        """Have the provider promise that an authorization with this key, if it still is under way, does nothing."""
        reply = await self._write(key, "/v1/authorizations/close", {})
        if isinstance(reply, Silence):
            return reply.as_answer()
        return answers.closed(reply, key)

    async def find(self, reference: str) -> tuple[ProviderAuthorization, ...]:
        """Everything that the provider has under a reference, oldest first: what reconciliation reads."""
        return tuple([found async for found in self._list({"reference": reference})])

    def list_all(self) -> AsyncIterator[ProviderAuthorization]:
        return self._list({})

    async def _list(self, asked: Mapping[str, str]) -> AsyncIterator[ProviderAuthorization]:
        query = {**asked, "limit": str(PAGE)}
        while True:
            page = await self._page(query)
            for found in page:
                yield found
            if len(page) < PAGE:
                return
            query["after"] = page[-1].id

    async def _page(self, query: Mapping[str, str]) -> tuple[ProviderAuthorization, ...]:
        reply = await self._guarded(self._reads, _Call("GET", "/v1/authorizations", query=query))
        if isinstance(reply, Silence):
            raise ProviderUnavailableError(reply.reason)
        page = answers.page_in(reply)
        if page is None:
            raise ProviderUnavailableError(f"status {reply.status} is no list of authorizations")
        return page

    async def _write(self, key: str, path: str, content: Mapping[str, str | int]) -> Reply | Silence:
        if KEY.fullmatch(key) is None:
            raise ValueError("an idempotency key is 1 to 200 visible ASCII characters")
        return await self._guarded(self._writes, _Call("POST", path, key=key, content=content))

    async def _guarded(self, breaker: Breaker, call: _Call) -> Reply | Silence:
        ticket = breaker.admit()
        if ticket is None:
            return Silence(unsent=True, reason="breaker_open")
        healthy: bool | None = None
        try:
            reply = await self._exchange(call)
            healthy = isinstance(reply, Reply) and reply.is_healthy
        finally:
            breaker.settle(ticket, healthy=healthy)
        return reply

    async def _exchange(self, call: _Call) -> Reply | Silence:
        if self._session is None:
            raise RuntimeError("the payments client is not entered")
        headers = self._headers if call.key is None else {**self._headers, "Idempotency-Key": call.key}
        body = None if call.content is None else orjson.dumps(call.content)
        try:
            async with self._session.request(
                call.verb,
                self._url + call.path,
                params=call.query,
                data=body,
                headers=headers,
                allow_redirects=False,
            ) as answer:
                return Reply(answer.status, await _bounded(answer.content))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Silence(unsent=True, reason="not_connected")
        except TimeoutError:
            return Silence(unsent=False, reason="timeout")
        except (aiohttp.ClientError, OSError):
            return Silence(unsent=False, reason="connection_lost")


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    """What is cut off here does not parse, and so counts as no answer."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER:
            break
    return bytes(body[:MAX_ANSWER])


def _path_of(authorization: str) -> str:
    if PROVIDER_ID.fullmatch(authorization) is None:
        raise ValueError("that is no id of the provider's")
    return f"/v1/authorizations/{authorization}"
