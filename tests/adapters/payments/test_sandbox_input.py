"""What the sandbox refuses before it looks at money: each with a 4xx and a code of its own."""

import asyncio

import pytest

from adapters.payments.sandbox.requests import MAX_AMOUNT
from adapters.payments.settings import DEVELOPMENT_KEY
from tests.adapters.payments.process import Http, Sandbox, http, new_key, new_reference

AUTHORIZATIONS = "/v1/authorizations"
GOOD = {"amount": 1000, "currency": "EUR", "method": "pm_ok", "reference": "ACME-1042"}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount": 0}, 400, "invalid_amount"),
        ({"amount": -1}, 400, "invalid_amount"),
        ({"amount": MAX_AMOUNT + 1}, 400, "invalid_amount"),
        ({"amount": 10**30}, 400, "invalid_amount"),
        ({"amount": 10.0}, 400, "invalid_amount"),
        ({"amount": "10"}, 400, "invalid_amount"),
        ({"amount": True}, 400, "invalid_amount"),
        ({"amount": None}, 400, "invalid_amount"),
        ({"currency": "eur"}, 400, "invalid_currency"),
        ({"currency": "XXX"}, 400, "invalid_currency"),
        ({"currency": 978}, 400, "invalid_currency"),
        ({"method": "4111111111111111"}, 400, "invalid_method"),
        ({"method": "pm_4111"}, 400, "invalid_method"),
        ({"method": "pm_ok\n"}, 400, "invalid_method"),
        ({"method": "pm_nobody_knows"}, 422, "unknown_method"),
        ({"reference": ""}, 400, "invalid_reference"),
        ({"reference": "a b"}, 400, "invalid_reference"),
        ({"reference": "ACME-1\n"}, 400, "invalid_reference"),
        ({"reference": "nul\x00"}, 400, "invalid_reference"),
        ({"reference": "x" * 101}, 400, "invalid_reference"),
        ({"state": "captured"}, 400, "unknown_field"),
    ],
)
async def test_a_malformed_field_is_named(provider: Http, change: dict[str, object], status: int, code: str) -> None:
    answered, refused = await provider.post(AUTHORIZATIONS, GOOD | change, new_key())
    assert (answered, refused["error"]["code"]) == (status, code)


@pytest.mark.parametrize("missing", sorted(GOOD))
async def test_a_missing_field_is_named(provider: Http, missing: str) -> None:
    content = {name: value for name, value in GOOD.items() if name != missing}
    status, refused = await provider.post(AUTHORIZATIONS, content, new_key())
    assert (status, refused["error"]["code"]) == (400, f"invalid_{missing}")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b"[]", 400, "invalid_json"),
        (b"7", 400, "invalid_json"),
        (b'{"amount": NaN}', 400, "invalid_amount"),
        (b'{"reference": "\xff"}', 400, "invalid_json"),
        (b'{"reference": "\\ud800"}', 400, "invalid_json"),
        (b"[" * 10_000, 400, "invalid_json"),
        (b" " * 20_000, 413, "body_too_large"),
    ],
)
async def test_a_body_that_is_no_object_is_refused(provider: Http, body: bytes, status: int, code: str) -> None:
    answered, refused = await provider.post(AUTHORIZATIONS, body, new_key())
    assert (answered, refused["error"]["code"]) == (status, code)


async def test_the_largest_amount_is_kept_to_the_last_unit(provider: Http) -> None:
    made = await provider.authorize(MAX_AMOUNT)
    status, now = await provider.post(f"{AUTHORIZATIONS}/{made['id']}/captures", {"amount": MAX_AMOUNT}, new_key())
    assert (status, now["state"], now["captures"][0]["amount"]) == (201, "captured", MAX_AMOUNT)


@pytest.mark.parametrize(
    ("key", "code"),
    [(None, "missing_idempotency_key"), ("", "invalid_idempotency_key"), ("a b", "invalid_idempotency_key")],
)
async def test_a_write_needs_an_idempotency_key(provider: Http, key: str | None, code: str) -> None:
    status, refused = await provider.post(AUTHORIZATIONS, GOOD, key)
    assert (status, refused["error"]["code"]) == (400, code)


@pytest.mark.parametrize("bearer", [None, "", "wrong", DEVELOPMENT_KEY + "x", "schlüssel"])
@pytest.mark.parametrize("path", ["", "/auth_x/captures", "/auth_x/void"])
async def test_a_write_needs_the_bearer_key(provider: Http, path: str, bearer: str | None) -> None:
    reference = new_reference()
    status, refused = await provider.post(AUTHORIZATIONS + path, GOOD | {"reference": reference}, new_key(), bearer)
    assert (status, refused["error"]["code"]) == (401, "unauthorized")
    assert await provider.get(f"{AUTHORIZATIONS}?reference={reference}") == (200, [])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{AUTHORIZATIONS}/auth_nobody", 404, "unknown_authorization"),
        (f"{AUTHORIZATIONS}?limit=0", 400, "invalid_limit"),
        (f"{AUTHORIZATIONS}?limit=1001", 400, "invalid_limit"),
        (f"{AUTHORIZATIONS}?limit=ten", 400, "invalid_limit"),
        (f"{AUTHORIZATIONS}?after=auth_nobody", 400, "unknown_cursor"),
        (f"{AUTHORIZATIONS}?reference=%00", 400, "invalid_reference"),
        ("/v2/authorizations", 404, "not_found"),
        (f"{AUTHORIZATIONS}/auth_x/void", 405, "method_not_allowed"),
    ],
)
async def test_a_read_that_makes_no_sense_is_refused(provider: Http, path: str, status: int, code: str) -> None:
    answered, refused = await provider.get(path)
    assert (answered, refused["error"]["code"]) == (status, code)


async def test_captures_and_voids_of_an_unknown_authorization_are_refused(provider: Http) -> None:
    for operation, content in (("captures", {"amount": 1}), ("void", {})):
        status, refused = await provider.post(f"{AUTHORIZATIONS}/auth_nobody/{operation}", content, new_key())
        assert (status, refused["error"]["code"]) == (404, "unknown_authorization")


async def test_a_body_cut_off_in_the_middle_leaves_nothing(sandbox: Sandbox, provider: Http) -> None:
    reference = new_reference()
    _, writer = await asyncio.open_connection("127.0.0.1", sandbox.port)
    writer.write(
        f"POST {AUTHORIZATIONS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {DEVELOPMENT_KEY}\r\n"
        f"Idempotency-Key: {new_key()}\r\nContent-Length: 500\r\n\r\n"
        f'{{"reference": "{reference}", '.encode()
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await provider.get(f"{AUTHORIZATIONS}?reference={reference}") == (200, [])


async def test_production_hides_reads_and_takes_its_own_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {
        "PORTCULLIS_PROFILE": "production",
        "PORTCULLIS_PAYMENTS_KEY": "a-key-of-our-own",
        "PORTCULLIS_PAYMENTS_WEBHOOK_SECRET": "a-secret-of-our-own",
    }
    running = Sandbox(tmp_path_factory.mktemp("production"), settings).start()
    try:
        async with http(running.url) as plain:
            for path in (AUTHORIZATIONS, f"{AUTHORIZATIONS}/auth_x"):
                assert (await plain.get(path))[0] == 401
            assert (await plain.post(AUTHORIZATIONS, GOOD, new_key()))[0] == 401
            assert (await plain.post(AUTHORIZATIONS, GOOD, new_key(), "a-key-of-our-own"))[0] == 201
            status, found = await plain.get(AUTHORIZATIONS, Authorization="Bearer a-key-of-our-own")
            assert (status, len(found)) == (200, 1)
    finally:
        running.end()
