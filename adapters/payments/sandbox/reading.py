"""From an HTTP request to a key and a command, or to the refusal that says what was wrong."""

import asyncio
import hmac
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from adapters.payments.sandbox.requests import Command, Refusal, read_command, read_key

MAX_BODY = 16 * 1024
BODY_SECONDS = 10.0
UNAUTHORIZED = Refusal(401, "unauthorized", "the header Authorization needs the bearer key")
TOO_LARGE = Refusal(413, "body_too_large", f"a body has at most {MAX_BODY} bytes")
TOO_SLOW = Refusal(408, "body_too_slow", f"a body arrives within {BODY_SECONDS:.0f} seconds")
BROKEN_OFF = Refusal(400, "body_incomplete", "the connection ended before the body did")

CommandT = TypeVar("CommandT", bound=Command)


def bears(request: Request, key: str) -> bool:
    given = request.headers.get("authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {key}".encode())


async def read_write(request: Request, kind: type[CommandT], bearer: str) -> tuple[str, CommandT] | Refusal:
    if not bears(request, bearer):
        return UNAUTHORIZED
    key = read_key(request.headers.get("idempotency-key"))
    if isinstance(key, Refusal):
        return key
    body = await _read_body(request)
    if isinstance(body, Refusal):
        return body
    command = read_command(kind, body)
    return command if isinstance(command, Refusal) else (key, command)


async def _read_body(request: Request) -> bytes | Refusal:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    return TOO_LARGE
    except TimeoutError:
        return TOO_SLOW
    except ClientDisconnect:
        return BROKEN_OFF
    return bytes(body)
