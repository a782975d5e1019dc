"""Clients in a closed loop over plain HTTP/1.1: each sends its next request when it has its answer."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of one side: whole requests, and whether an answer is the right one."""

    url: str
    requests: Iterator[bytes]
    is_good: Callable[[int, bytes], bool]


@dataclass(slots=True)
class Sample:
    """One turn of one side."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    wrong: int = 0
    answers: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request under way: a client that costs next to nothing."""

    def __init__(self) -> None:
        self._read = bytearray()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head = self._read.find(_END)
        if head < 0:
            return
        found = _LENGTH.search(self._read, 0, head + 2)
        end = head + len(_END) + (int(found[1]) if found else 0)
        if len(self._read) >= end and self._waiting is not None:
            answer = (int(self._read[9:12]), bytes(self._read[head + len(_END) : end]))
            del self._read[:end]
            self._waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("the server closed the connection"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        self._transport.close()


def post(path: str, body: bytes, token: str | None = None) -> bytes:
    """A whole request."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{bearer}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def connect(url: str) -> Connection:
    place = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(Connection, place.hostname or "", place.port or 80)
    return connection


async def turn(load: Load, clients: int, seconds: float | None = None, most: int | None = None) -> Sample:
    """`clients` at once until the time is over, `most` were sent or there is nothing more to ask."""
    connections = await asyncio.gather(*(connect(load.url) for _ in range(clients)))
    sample = Sample()
    left = iter(range(most)) if most is not None else None
    started = time.perf_counter()
    until = started + seconds if seconds is not None else float("inf")
    await asyncio.gather(*(_client(connection, load, sample, left, until) for connection in connections))
    sample.seconds = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return sample


async def _client(connection: Connection, load: Load, sample: Sample, left: Iterator[int] | None, until: float) -> None:
    while time.perf_counter() < until and (left is None or next(left, None) is not None):
        request = next(load.requests, None)
        if request is None:
            return
        sent = time.perf_counter()
        status, body = await connection.ask(request)
        sample.latencies.append(time.perf_counter() - sent)
        sample.answers.append(body)
        if not load.is_good(status, body):
            sample.wrong += 1
