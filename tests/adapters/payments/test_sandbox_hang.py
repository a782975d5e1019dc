"""The methods that never answer: what they leave in the books, and that they end with their client."""

import asyncio

import aiohttp
import orjson
import pytest

from adapters.payments.sandbox.app import build_app
from adapters.payments.settings import DEVELOPMENT_KEY, PaymentsSettings
from tests.adapters.payments.process import Http, Sandbox, http, new_key, new_reference

AUTHORIZATIONS = "/v1/authorizations"


def _content(method: str, reference: str) -> dict[str, object]:
    return {"amount": 900, "currency": "EUR", "method": method, "reference": reference}


async def _times_out(provider: Http, content: dict[str, object], key: str) -> None:
    headers = {"Authorization": f"Bearer {DEVELOPMENT_KEY}", "Idempotency-Key": key}
    timeout = aiohttp.ClientTimeout(total=0.5)
    with pytest.raises(TimeoutError):
        await provider.session.post(provider.url + AUTHORIZATIONS, json=content, headers=headers, timeout=timeout)


async def test_a_timeout_after_success_leaves_the_authorization_and_the_key_answers_it(provider: Http) -> None:
    key, reference = new_key(), new_reference()
    content = _content("pm_timeout_after_success", reference)
    await _times_out(provider, content, key)
    _, found = await provider.get(f"{AUTHORIZATIONS}?reference={reference}")
    assert [(one["key"], one["state"]) for one in found] == [(key, "authorized")]
    assert await provider.post(AUTHORIZATIONS, content, key) == (200, found[0])


async def test_a_timeout_before_recording_leaves_nothing_and_the_same_key_goes_through(provider: Http) -> None:
    key, reference = new_key(), new_reference()
    content = _content("pm_timeout_before", reference)
    await _times_out(provider, content, key)
    assert await provider.get(f"{AUTHORIZATIONS}?reference={reference}") == (200, [])
    await _times_out(provider, content, new_key())
    status, made = await provider.post(AUTHORIZATIONS, content, key)
    assert (status, made["state"]) == (201, "authorized")
    assert await provider.get(f"{AUTHORIZATIONS}?reference={reference}") == (200, [made])


async def test_whoever_waits_to_the_end_is_told_nothing_certain(tmp_path_factory: pytest.TempPathFactory) -> None:
    running = Sandbox(tmp_path_factory.mktemp("short"), {"PORTCULLIS_PAYMENTS_HANG": "0.1"}).start()
    try:
        async with http(running.url) as plain:
            for method in ("pm_timeout_after_success", "pm_timeout_before"):
                status, told = await plain.post(AUTHORIZATIONS, _content(method, "T-1"), new_key())
                assert (status, told["error"]["code"]) == (504, "timeout")
    finally:
        running.end()


async def test_a_hanging_request_ends_when_its_client_leaves(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = PaymentsSettings(home=tmp_path_factory.mktemp("leaving"), payments_hang=30)
    body = orjson.dumps(_content("pm_timeout_before", "T-1"))
    incoming: list[dict[str, object]] = [
        {"type": "http.request", "body": body, "more_body": False},
        {"type": "http.disconnect"},
    ]
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return incoming.pop(0)

    async def send(message: object) -> None:
        sent.append(message)

    headers = {"authorization": f"Bearer {DEVELOPMENT_KEY}", "idempotency-key": new_key()}
    scope = {
        "type": "http",
        "method": "POST",
        "path": AUTHORIZATIONS,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    app = build_app(settings)
    async with app.router.lifespan_context(app), asyncio.timeout(20):
        await app(scope, receive, send)
    assert incoming == []


async def test_a_hanging_request_does_not_keep_the_sandbox_from_ending(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    running = Sandbox(tmp_path_factory.mktemp("ending")).start()
    async with http(running.url) as plain:
        waiting = asyncio.create_task(plain.authorize(method="pm_timeout_after_success"))
        while not (await plain.get(AUTHORIZATIONS))[1]:
            pass
        running.end()
        with pytest.raises((aiohttp.ClientError, RuntimeError)):
            await waiting
