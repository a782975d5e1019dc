"""HTTP to the policy engine over its unix socket, as the client library wants it and no more; knows no policy."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httptools
import orjson

LIMIT = 4 << 20  # bytes of an answer; the longest clean one, of a whole chunk, has a tenth of that
_JSON = b"application/json"


class UnusableError(Exception):
    """Something came that is no answer; the argument is the kind of fault."""


class Raw(str):
    """JSON text that is sent as it is: the bytes that are hashed and kept are the bytes that are sent."""

    __slots__ = ()


class Answer:
    """One whole answer. What the library awaits of it takes no time any more."""

    __slots__ = ("_body", "_kind", "status")

    def __init__(self, status: int, kind: bytes, body: bytearray) -> None:
        self.status = status
        self._kind = kind
        self._body = body

    def raise_for_status(self) -> None:
        if self.status >= 400:
            raise UnusableError("error" if self.status in (400, 401, 500) else "not_json")

    async def json(self) -> Any:
        """Strict JSON only. Raises `ValueError` for anything else."""
        if self._kind.partition(b";")[0].strip().lower() != _JSON:
            raise UnusableError("not_json")
        return orjson.loads(self._body)

    async def release(self) -> None:
        """Its connection went back when it was complete."""


class Line(asyncio.Protocol):
    """One connection with at most one question under way; whatever goes wrong on it ends it."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[Answer] | None = None
        self._kind, self._body = b"", bytearray()
        self.usable = True

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        self.usable = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:  # nothing was asked: whatever this is would be taken for the next answer
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(UnusableError("not_json"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc if isinstance(exc, OSError) else ConnectionResetError("the policy engine hung up"))

    def on_message_begin(self) -> None:
        if self._waiting is None:  # a second answer behind the first
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._kind = value

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > LIMIT:
            self._fail(UnusableError("error"))

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < 200:  # no answer yet, and we never ask for one like this
            self._fail(UnusableError("not_json"))
            return
        answer = Answer(self._parser.get_status_code(), self._kind, self._body)
        self.usable = self.usable and self._parser.should_keep_alive()
        self._kind, self._body = b"", bytearray()
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _fail(self, error: Exception) -> None:
        self.close()
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)


class Session:
    """Stands where the library has its HTTP client: keeps lines open, sends each question down a free one.

    Nothing is followed, stored, unpacked or tried again, and nobody else is asked; who bounds how many are asked at
    once, and how long one may take, is the caller.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = str(socket)
        self._free: list[Line] = []
        self._heads: dict[str, bytes] = {}
        self.closed = False

    async def request(self, method: str, url: str, *, json: Any) -> Answer:
        """Raises `OSError` where nothing usable came, `UnusableError` where what came is no answer."""
        given = json["input"]
        if type(given) is not Raw:
            raise TypeError("only canonical text is sent")
        body = f'{{"input":{given}}}'.encode()
        line = await self._line()
        try:
            answer = await line.ask(b"%b%d\r\n\r\n%b" % (self._head(method, url), len(body), body))
        except BaseException:
            line.close()
            raise
        if line.usable and not self.closed:
            self._free.append(line)
        else:
            line.close()
        return answer

    async def close(self) -> None:
        self.closed = True
        while self._free:
            self._free.pop().close()

    async def _line(self) -> Line:
        while self._free:
            line = self._free.pop()
            if line.usable:
                return line
        _, made = await asyncio.get_running_loop().create_unix_connection(Line, self._socket)
        return made

    def _head(self, method: str, url: str) -> bytes:
        """All of it but the length; there are as many as there are rules."""
        known = self._heads.get(url)
        if known is None:
            host, _, path = url.partition("://")[2].partition("/")
            words = f"{method} /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: "
            known = self._heads[url] = words.encode()
        return known
