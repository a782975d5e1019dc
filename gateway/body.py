"""Reads the body of one request within its limits of bytes, time and media type; does not look inside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from starlette.requests import ClientDisconnect, Request

from gateway.errors import MediaTypeError, RefusedError, SlowBodyError

LARGEST = 128 * 1024
PATIENCE_S = 10.0


async def read_json_body(request: Request, patience_s: float = PATIENCE_S) -> bytes:
    """At most `LARGEST` bytes of `application/json` in UTF-8, counted while they arrive.

    Only this media type makes a browser ask first, so a foreign page cannot post for a signed-in user.
    """
    check_media_type(request.headers.getlist("content-type"))
    if request.headers.get("content-encoding", "identity") != "identity":
        raise MediaTypeError("A compressed body is not accepted.")
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced[:12]) > LARGEST:
        raise too_large()
    try:
        async with asyncio.timeout(patience_s):
            return await _read(request)
    except TimeoutError:
        raise SlowBodyError from None
    except ClientDisconnect:
        raise RefusedError("BAD_REQUEST", "The body broke off.") from None


async def _read(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST:
            raise too_large()
        chunks.append(chunk)
    return b"".join(chunks)


def check_media_type(given: Iterable[str]) -> None:
    """Exactly one `application/json`, with no charset but UTF-8."""
    values = list(given)
    if len(values) != 1:
        raise MediaTypeError("Send exactly one Content-Type: application/json.")
    kind, *parameters = (part.strip().lower() for part in values[0].split(";"))
    if kind != "application/json":
        raise MediaTypeError("Send the body as application/json.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            raise MediaTypeError("Send the body in UTF-8.")


def too_large() -> RefusedError:
    return RefusedError("BODY_TOO_LARGE", f"A body may have at most {LARGEST} bytes.")
