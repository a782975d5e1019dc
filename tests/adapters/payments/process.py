"""A real sandbox process for tests, and servers that misbehave on purpose; asserts nothing."""

import asyncio
import http.client as http_client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from adapters.payments.client import PaymentsClient
from adapters.payments.row import ROW, PaymentsRow
from adapters.payments.settings import DEVELOPMENT_KEY

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_key() -> str:
    return f"test:{uuid4()}"


def new_reference() -> str:
    return f"T-{uuid4().hex[:12]}"


@dataclass
class Sandbox:
    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Sandbox":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTCULLIS_")}
        environment |= {"PORTCULLIS_HOME": str(self.home), "PORTCULLIS_PAYMENTS_URL": self.url}
        command = [sys.executable, "-m", "adapters.payments.sandbox"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment | self.settings)
        deadline = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the sandbox did not start: {self.process.returncode}")
            time.sleep(0.02)
        return self

    def end(self, sign: int = signal.SIGTERM) -> int:
        if self.process is None:
            raise RuntimeError("never started")
        self.process.send_signal(sign)
        return self.process.wait(timeout=30)

    def client(self, row: PaymentsRow = ROW) -> PaymentsClient:
        return PaymentsClient(self.url, DEVELOPMENT_KEY, row)

    def _is_healthy(self) -> bool:
        connection = http_client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@dataclass(frozen=True)
class Http:
    """Plain HTTP as curl would speak it, without any code of our client."""

    session: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.url + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(
        self, path: str, content: object, key: str | None = None, bearer: str | None = DEVELOPMENT_KEY
    ) -> tuple[int, dict[str, Any]]:
        headers = {} if key is None else {"Idempotency-Key": key}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        given = {"data": content} if isinstance(content, bytes) else {"json": content}
        async with self.session.post(self.url + path, headers=headers, **given) as answer:
            return answer.status, await answer.json()

    async def authorize(
        self, amount: int = 1000, method: str = "pm_ok", reference: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        content = {
            "amount": amount,
            "currency": "EUR",
            "method": method,
            "reference": reference or new_reference(),
        }
        status, made = await self.post("/v1/authorizations", content, key or new_key())
        if status not in {200, 201}:
            raise RuntimeError(f"{status}: {made}")
        return made


@asynccontextmanager
async def http(url: str) -> AsyncIterator[Http]:
    async with aiohttp.ClientSession() as session:
        yield Http(session, url)


Behaviour = Callable[[asyncio.StreamWriter], None]


@asynccontextmanager
async def misbehaving(behave: Behaviour) -> AsyncIterator[str]:
    """A server that reads whole requests and after each does to the connection what it is told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
                await reader.readexactly(int(length or 0))
                behave(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.close()


def answering(status: int, body: bytes) -> Behaviour:
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nContent-Type: text/plain\r\n\r\n"
    return lambda writer: writer.write(head.encode() + body)


def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def say_nothing(_writer: asyncio.StreamWriter) -> None:
    """The connection stays open."""
