"""What strangers send: each family has its one answer, and none of them makes a 500."""

from __future__ import annotations

import asyncio
import json
import zlib

import pytest

from gateway.body import LARGEST
from tests.gateway.ground import CARD, Client, Running

HELLO = '{"query":"{hello}"}'
TO_NAME = "query($name: String!) { hello(name: $name) }"


def about(variables: str) -> bytes:
    """A good query with the JSON of its variables as given."""
    return b'{"query":' + json.dumps(TO_NAME).encode() + b',"variables":' + variables.encode() + b"}"


BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "BAD_REQUEST"),
    "text": (b"hello", 400, "BAD_REQUEST"),
    "half": (b'{ "not a JSON', 400, "BAD_REQUEST"),
    "scalar": (b"1", 400, "BAD_REQUEST"),
    "null": (b"null", 400, "BAD_REQUEST"),
    "batch": (f"[{HELLO},{HELLO}]".encode(), 400, "BAD_REQUEST"),
    "empty object": (b"{}", 400, "BAD_REQUEST"),
    "query is null": (b'{"query":null}', 400, "BAD_REQUEST"),
    "query is a list": (b'{"query":["{hello}"]}', 400, "BAD_REQUEST"),
    "name is a number": (b'{"query":"{hello}","operationName":0}', 400, "BAD_REQUEST"),
    "variables is a list": (b'{"query":"{hello}","variables":[]}', 400, "BAD_REQUEST"),
    "variables is text": (b'{"query":"{hello}","variables":"{}"}', 400, "BAD_REQUEST"),
    "extensions is false": (b'{"query":"{hello}","extensions":false}', 400, "BAD_REQUEST"),
    "invalid utf-8": (b'{"query":"{hello}","variables":{"name":"\xff"}}', 400, "BAD_REQUEST"),
    "utf-16": (HELLO.encode("utf-16"), 400, "BAD_REQUEST"),
    "byte order mark": (b"\xef\xbb\xbf" + HELLO.encode(), 400, "BAD_REQUEST"),
    "raw surrogate": (b'{"query":"{hello}","variables":{"name":"\xed\xa0\x80"}}', 400, "BAD_REQUEST"),
    "escaped surrogate": (about('{"name":"\\ud800"}'), 400, "BAD_REQUEST"),
    "surrogates in the wrong order": (about('{"name":"\\udc00\\ud800"}'), 400, "BAD_REQUEST"),
    "escaped surrogate in a document": (b'{"query":"{hello(name:\\"\\\\ud800\\")}"}', 400, "BAD_REQUEST"),
    "nul": (about('{"name":"a\\u0000b"}'), 400, "BAD_REQUEST"),
    "nul in a name": (about('{"na\\u0000me":"b"}'), 400, "BAD_REQUEST"),
    "nul in a document": (b'{"query":"{hello(name:\\"\\\\u0000\\")}"}', 400, "BAD_REQUEST"),
    "raw nul": (b'{"query":"{hello}\x00"}', 400, "BAD_REQUEST"),
    "not a number": (about('{"name":NaN}'), 400, "BAD_REQUEST"),
    "infinity": (about('{"name":Infinity}'), 400, "BAD_REQUEST"),
    "more than a double": (about('{"name":1e999}'), 400, "BAD_REQUEST"),
    "a thousand digits": (about('{"name":' + "9" * 1000 + "}"), 400, "BAD_REQUEST"),
    "leading zero": (about('{"name":007}'), 400, "BAD_REQUEST"),
    "33 levels": (about('{"name":' + "[" * 31 + "]" * 31 + "}"), 400, "BAD_REQUEST"),
    "many levels": (b"[" * 60_000, 400, "BAD_REQUEST"),
    "quotes without end": (b'"\\"' * 40_000, 400, "BAD_REQUEST"),
    "unknown operation": (b'{"query":"query A {hello}","operationName":"B"}', 400, "BAD_REQUEST"),
    "two and no name": (b'{"query":"query A {hello} query B {hello}"}', 400, "BAD_REQUEST"),
    "syntax": (b'{"query":"{hello"}', 400, "BAD_REQUEST"),
    "empty document": (b'{"query":""}', 400, "BAD_REQUEST"),
    "200 kB": (b'{"query":"{hello}","x":"' + b"a" * 200_000 + b'"}', 413, "BODY_TOO_LARGE"),
    "unknown field": (b'{"query":"{helo}"}', 400, "VALIDATION_FAILED"),
    "unknown argument": (b'{"query":"{hello(nam:1)}"}', 400, "VALIDATION_FAILED"),
    "wrong literal": (b'{"query":"{hello(name:1)}"}', 400, "VALIDATION_FAILED"),
    "missing variable": (about("{}"), 400, "VALIDATION_FAILED"),
    "null variable": (about('{"name":null}'), 400, "VALIDATION_FAILED"),
    "wrong variable": (about('{"name":{"a":1}}'), 400, "VALIDATION_FAILED"),
    "number as text": (about('{"name":4111}'), 400, "VALIDATION_FAILED"),
    "huge integer": (b'{"query":"{count(number:99999999999999999999)}"}', 400, "VALIDATION_FAILED"),
    "huge variable": (
        b'{"query":"query($n:Int!){count(number:$n)}","variables":{"n":99999999999999999999}}',
        400,
        "VALIDATION_FAILED",
    ),
    "subscription": (b'{"query":"subscription {hello}"}', 400, "VALIDATION_FAILED"),
    "type definition": (b'{"query":"type A {b: Int}"}', 400, "VALIDATION_FAILED"),
    "card in a variable": (about(json.dumps({"name": f"mine is {CARD}."})), 400, "CARD_NUMBER_REFUSED"),
    "card deep in a variable": (about(json.dumps({"name": [{"a": CARD}]})), 400, "CARD_NUMBER_REFUSED"),
    "card as a name": (about(json.dumps({CARD: 1})), 400, "CARD_NUMBER_REFUSED"),
    "card in a literal": (b'{"query":"{hello(name:\\"4111-1111-1111-1111\\")}"}', 400, "CARD_NUMBER_REFUSED"),
    "mutation of nobody": (b'{"query":"mutation {touch}"}', 401, "UNAUTHENTICATED"),
}


@pytest.mark.parametrize("family", BODIES)
async def test_a_bad_body_has_its_named_answer(family: str, client: Client) -> None:
    """Every family is refused with its code, without data, and with all five extensions."""
    body, status, code = BODIES[family]
    answer = await client.post(body)
    assert (answer.status, answer.code) == (status, code)
    extensions = answer.body["errors"][0]["extensions"]
    assert {"code", "requestId", "traceId", "retryable", "retryAfterMs"} <= extensions.keys()
    assert extensions["requestId"] == answer.headers["x-request-id"]


TYPES: dict[str, dict[str, str]] = {
    "none": {},
    "form": {"Content-Type": "application/x-www-form-urlencoded"},
    "multipart": {"Content-Type": "multipart/form-data; boundary=x"},
    "text": {"Content-Type": "text/plain"},
    "a name that begins alike": {"Content-Type": "application/jsonp"},
    "another charset": {"Content-Type": "application/json; charset=utf-16"},
    "two in one": {"Content-Type": "application/json, text/plain"},
    "compressed": {"Content-Type": "application/json", "Content-Encoding": "gzip"},
}


@pytest.mark.parametrize("name", TYPES)
async def test_only_plain_json_is_read(name: str, client: Client) -> None:
    """A body that a foreign page could post, or a compressed one, is refused before it is read."""
    answer = await client.send("POST", "/graphql", HELLO.encode(), TYPES[name])
    assert (answer.status, answer.code) == (415, "BAD_REQUEST")


async def test_a_compressed_bomb_is_not_unpacked(client: Client) -> None:
    """A deflated body is refused by its header."""
    body = zlib.compress(b"a" * 10_000_000)
    answer = await client.post(body, Content_Encoding="deflate")
    assert (answer.status, answer.code) == (415, "BAD_REQUEST")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_told_which_one_is_taken(method: str, client: Client) -> None:
    """Queries and mutations by GET included."""
    answer = await client.send(method, "/graphql?query=mutation{touch}")
    assert answer.status == 405
    assert answer.headers["allow"] == "POST"
    assert method == "HEAD" or answer.code == "BAD_REQUEST"


async def test_a_body_is_counted_while_it_arrives(running: Running) -> None:
    """A chunked body without a length is cut off at the limit, long before its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    for _ in range(LARGEST // 4096 + 1):
        writer.write(chunk)
    await writer.drain()
    assert b" 413 " in await reader.readline()
    writer.close()


async def test_a_body_that_breaks_off_harms_nobody(running: Running, client: Client) -> None:
    """The gateway goes on after a client that announced more than it sent."""
    _, writer = await asyncio.open_connection("127.0.0.1", running.port)
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
    writer.write(head)
    await writer.drain()
    writer.close()
    assert (await client.ask("{hello}")).body == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/graphql?" + "a" * 20_000, {}, 414),
        ("/graphql", {"X-Large": "a" * 40_000}, 431),
        ("/graphql", {f"X-{number}": "a" * 300 for number in range(150)}, 431),
    ],
)
async def test_a_head_is_bounded(path: str, headers: dict[str, str], status: int, client: Client) -> None:
    """Long URLs, large headers and floods of headers are refused."""
    answer = await client.send("GET", path, headers=headers)
    assert (answer.status, answer.code) == (status, "BAD_REQUEST")


async def test_a_head_without_end_is_cut_off(running: Running) -> None:
    """A client that never ends its headers is answered once and disconnected after 64 KiB."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(b"GET /healthz HTTP/1.1\r\n" + b"X-A: %s\r\n" % (b"a" * 100) * 620)
    assert b" 431 " in await reader.readline()
    assert await reader.read() == b"content-length: 0\r\nconnection: close\r\n\r\n"
    writer.close()


@pytest.mark.parametrize("path", ["/nothing", "/graphql/", "/graphql/ws", "/dev", "/static/../app.py", "/.env"])
async def test_unknown_addresses_are_said_to_be_unknown(path: str, client: Client) -> None:
    """With the same shape of error as everywhere."""
    answer = await client.send("GET", path)
    assert (answer.status, answer.code) == (404, "BAD_REQUEST")


async def test_legacy_and_new_websockets_are_not_offered(running: Running) -> None:
    """No subscription protocol answers an upgrade."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Protocol: graphql-ws\r\n\r\n"
    )
    assert b" 405 " in await reader.readline()
    writer.close()
