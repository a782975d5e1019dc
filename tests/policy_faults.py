"""Stands between us and a real policy engine, on a socket of its own, and spoils the answers in every way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Spoil = Callable[[Json], bytes]
HTML = b"<!doctype html><title>It works!</title>"


def said(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _changed(**parts: Any) -> Spoil:
    """The real answer with other parts; None removes one."""
    return lambda body: said(json.dumps({k: v for k, v in {**body, **parts}.items() if v is not ...}).encode())


def _results(change: Callable[[Any], Any]) -> Spoil:
    """The real answer with another result: each of them, where it answers a batch."""

    def spoil(body: Json) -> bytes:
        found = body["result"]
        single = "allow" in found
        result = change(found) if single else {key: change(one) for key, one in found.items()}
        return said(json.dumps({**body, "result": result}).encode())

    return spoil


def _by(revision: str) -> Json:
    return {"bundles": {"rules": {"revision": revision}}}


# Something answers, and it is no clean allow: a denial, by the code of its kind.
UNCLEAN: dict[str, tuple[str, Spoil]] = {
    "undefined": ("undefined", _changed(result=...)),
    "an empty result": ("empty", _results(lambda _: {})),
    "a null result": ("empty", _results(lambda _: None)),
    '"true"': ("not_boolean", _results(lambda _: "true")),
    "true alone": ("not_boolean", _results(lambda _: True)),
    'allow "true"': ("not_boolean", _results(lambda found: {**found, "allow": "true"})),
    "allow 1": ("not_boolean", _results(lambda found: {**found, "allow": 1})),
    "allow null": ("not_boolean", _results(lambda found: {**found, "allow": None})),
    "HTML": ("not_json", lambda _: said(HTML, kind="text/html")),
    "an error page": ("not_json", lambda _: said(HTML, "502 Bad Gateway", "text/html")),
    "JSON that says it is text": ("not_json", lambda body: said(json.dumps(body).encode(), kind="text/plain")),
    "a list": ("not_json", lambda body: said(json.dumps([body]).encode())),
    "half the JSON": ("not_json", lambda body: said(json.dumps(body).encode()[:-20])),
    "no UTF-8": ("not_json", lambda _: said(b'{"result": "\xff"}')),
    "NaN": ("not_json", lambda _: said(b'{"result": NaN}')),
    "nothing at all": ("not_json", lambda _: said(b"")),
    "another revision": ("wrong_revision", _changed(provenance=_by("2"))),
    "a revision that is no number": ("wrong_revision", _changed(provenance=_by("1.0"))),
    "no policy loaded": ("not_loaded", _changed(provenance={"bundles": {}})),
    "an empty object": ("not_loaded", lambda _: said(b"{}")),
    "another decision": ("wrong_decision", _results(lambda found: {**found, "decision_id": "another"})),
    "no decision": ("wrong_decision", _results(lambda found: {k: v for k, v in found.items() if k != "decision_id"})),
    "a failure": ("error", lambda _: said(b'{"code":"internal_error"}', "500 Internal Server Error")),
    "not admitted": ("error", lambda _: said(b'{"code":"unauthorized"}', "401 Unauthorized")),
    "an allow with a failed check": ("error", _results(lambda found: {**found, "failed": ["role"]})),
    "an allow with more to it": ("error", _results(lambda found: {**found, "admin": True})),
    "an allow of another contract": ("error", _results(lambda found: {**found, "contract": 2})),
    "a huge answer": ("error", lambda body: said(json.dumps({**body, "more": "x" * (8 << 20)}).encode())),
}
# No usable answer in time: an outage.
SILENT: dict[str, str] = {
    "slow": "timeout",
    "hanging": "timeout",
    "dripping": "timeout",
    "reset": "unreachable",
    "cut off": "unreachable",
}
_PAUSE_S = 0.02


@dataclass(slots=True)
class Between:
    """`fault` None passes everything on; `only` limits the fault to questions in which it stands.

    A fault is a name of those above, or says itself what to make of an answer.
    """

    socket: Path
    real: Path
    fault: str | Spoil | None = None
    only: bytes | None = None
    seen: list[bytes] = field(default_factory=list)  # the bodies of the questions, as they came off the socket

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head, body = await _message(reader)
                await self._answer(head, body, reader, writer)
        writer.close()

    async def _answer(
        self, head: bytes, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if head.startswith(b"POST"):
            self.seen.append(body)
        clean = await self._asked(head, body)
        fault = self.fault
        if fault is None or not self._concerns(body):
            writer.write(clean)
        elif isinstance(fault, str) and fault not in UNCLEAN:
            await self._silent(fault, clean, reader, writer)
        else:
            spoil = UNCLEAN[fault][1] if isinstance(fault, str) else fault
            writer.write(spoil(json.loads(clean.partition(b"\r\n\r\n")[2])))
        await writer.drain()

    def _concerns(self, body: bytes) -> bool:
        return self.only is None or self.only in body

    async def _silent(
        self, fault: str, clean: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Until the other side has had enough, or this side breaks off."""
        head, _, body = clean.partition(b"\r\n\r\n")
        match fault:
            case "reset":
                writer.transport.abort()
                raise ConnectionResetError
            case "cut off":
                writer.write(head + b"\r\n\r\n" + body[:10])
                raise ConnectionResetError
            case "slow":
                writer.write(head + b"\r\n\r\n")
            case "dripping":
                writer.write(head.replace(b"Content-Length: ", b"Content-Length: 9") + b"\r\n\r\n")
        while not reader.at_eof():
            if fault == "dripping":
                writer.write(b" ")
                await writer.drain()
            await asyncio.sleep(_PAUSE_S)
        raise ConnectionResetError

    async def _asked(self, head: bytes, body: bytes) -> bytes:
        """What the real engine says, with its head."""
        reader, writer = await asyncio.open_unix_connection(str(self.real), limit=8 << 20)
        try:
            writer.write(head + body)
            told, answer = await _message(reader)
            return told + answer
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """One request or answer, and its body in one piece."""
    lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[:-2]
    fields = dict(line.lower().split(b": ", 1) for line in lines[1:])
    if fields.get(b"transfer-encoding") != b"chunked":
        body = await reader.readexactly(int(fields.get(b"content-length", 0)))
    else:
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    kept = [line for line in lines if not line.lower().startswith((b"transfer-encoding", b"content-length"))]
    return b"\r\n".join([*kept, b"Content-Length: %d" % len(body), b"", b""]), body


@contextmanager
def between(socket: Path, real: Path) -> Iterator[Between]:
    """Listens on `socket` until the block ends, on a thread of its own, whatever loop the test runs on."""
    found = Between(socket, real)
    up = threading.Event()
    loop = asyncio.new_event_loop()

    async def live() -> None:
        async with await asyncio.start_unix_server(found.serve, str(socket), limit=8 << 20):
            up.set()
            await asyncio.Event().wait()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(living)
        rest = asyncio.all_tasks(loop)
        for task in rest:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
        loop.close()

    living = loop.create_task(live())
    thread = threading.Thread(target=run)
    thread.start()
    assert up.wait(30)
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(living.cancel)
        thread.join(30)
        assert not thread.is_alive()
