"""The client against servers that misbehave: whatever was sent and not answered cleanly is unknown."""

import asyncio
from asyncio import StreamWriter
from dataclasses import replace

import orjson
import pytest

from adapters.payments.client import PaymentsClient
from adapters.payments.row import ROW
from domain.payments.provider import ProviderAnswer, ProviderOutcome, ProviderUnavailableError
from tests.adapters.payments.process import Behaviour, answering, hang_up, misbehaving, new_key, say_nothing

IMPATIENT = replace(ROW, timeout=0.5)
KEY = "purchase:authorize:1"
AUTHORIZATION: dict[str, object] = {
    "id": "auth_1",
    "key": KEY,
    "reference": "ACME-1042",
    "amount": 1000,
    "currency": "EUR",
    "method": "pm_ok",
    "state": "authorized",
    "decline_code": None,
    "created_at": "2026-11-21T00:00:00.000000+00:00",
    "captures": [],
    "refunds": [],
}


def _with(**change: object) -> Behaviour:
    return answering(201, orjson.dumps(AUTHORIZATION | change))


def _refusing(status: int, code: str) -> Behaviour:
    return answering(status, orjson.dumps({"error": {"code": code, "message": ""}}))


async def _authorize(behave: Behaviour) -> ProviderAnswer:
    async with misbehaving(behave) as url, PaymentsClient(url, "key", IMPATIENT) as payments:
        return await payments.authorize(KEY, "ACME-1042", 1000, "EUR", "pm_ok")


async def test_an_idle_connection_is_given_up_by_us() -> None:
    """Before the provider does: a call on a connection that it just closes would be lost."""
    writers: list[StreamWriter] = []

    def behave(writer: StreamWriter) -> None:
        writers.append(writer)
        _with()(writer)

    async with misbehaving(behave) as url, PaymentsClient(url, "key", replace(IMPATIENT, idle=0.01)) as payments:
        for _ in range(2):
            answer = await payments.authorize(KEY, "ACME-1042", 1000, "EUR", "pm_ok")
            assert answer.outcome is ProviderOutcome.SUCCEEDED
            await asyncio.wait_for(writers[-1].wait_closed(), 30)
    assert writers[0] is not writers[1]


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (say_nothing, "timeout"),
        (hang_up, "connection_lost"),
        (lambda writer: writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"), "timeout"),
        (lambda writer: writer.write(b"\x16\x03\x01 no http at all\r\n\r\n"), "connection_lost"),
        (answering(500, b""), "status_500"),
        (answering(503, b"<html>"), "status_503"),
        (_refusing(500, "internal"), "internal"),
        (answering(404, b"<html>not here</html>"), "status_404"),
        (answering(400, b'{"error": "text"}'), "status_400"),
        (answering(400, b"[]"), "status_400"),
        (answering(302, b""), "status_302"),
        (answering(204, b""), "status_204"),
        (_refusing(408, "body_too_slow"), "body_too_slow"),
        (_refusing(429, "rate_limited"), "rate_limited"),
        (answering(201, b""), "malformed_answer"),
        (answering(201, b"{}"), "malformed_answer"),
        (answering(201, b"x" * 5_000_000), "malformed_answer"),
        (_with(state="perhaps"), "malformed_answer"),
        (_with(amount="1000"), "malformed_answer"),
        (_with(amount=1000.0), "malformed_answer"),
        (_with(amount=999), "answer_mismatch"),
        (_with(currency="USD"), "answer_mismatch"),
        (_with(key="somebody else's"), "answer_mismatch"),
    ],
)
async def test_an_answer_that_cannot_be_trusted_is_unknown(behave: Behaviour, reason: str) -> None:
    assert await _authorize(behave) == ProviderAnswer.unknown(reason)


@pytest.mark.parametrize(
    ("behave", "answer"),
    [
        (_with(), ProviderAnswer.succeeded("auth_1", 1000)),
        (_with(a_field_of_tomorrow=1), ProviderAnswer.succeeded("auth_1", 1000)),
        (_with(state="captured"), ProviderAnswer.succeeded("auth_1", 1000)),
        (_with(state="voided"), ProviderAnswer.failed("authorization_voided")),
        (_with(state="declined", decline_code="lost"), ProviderAnswer.declined("auth_1", 1000, "lost")),
        (_refusing(422, "unknown_method"), ProviderAnswer.failed("unknown_method")),
    ],
)
async def test_a_clean_answer_means_what_it_says(behave: Behaviour, answer: ProviderAnswer) -> None:
    assert await _authorize(behave) == answer


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("succeeded", ProviderAnswer.succeeded("cap_1", 400)),
        ("failed", ProviderAnswer.failed("capture_failed")),
        ("pending", ProviderAnswer.unknown("capture_pending")),
    ],
)
async def test_a_capture_is_as_good_as_its_own_row(state: str, answer: ProviderAnswer) -> None:
    ours = {"id": "cap_1", "key": KEY, "amount": 400, "state": state}
    other = {"id": "cap_2", "key": "another", "amount": 600, "state": "succeeded"}
    async with misbehaving(_with(captures=[other, ours])) as url, PaymentsClient(url, "key") as payments:
        assert await payments.capture(KEY, "auth_1", 400) == answer


async def test_a_capture_that_is_not_in_the_answer_is_unknown() -> None:
    async with misbehaving(_with()) as url, PaymentsClient(url, "key") as payments:
        assert await payments.capture(KEY, "auth_1", 400) == ProviderAnswer.unknown("answer_mismatch")
        assert await payments.void(KEY, "auth_1") == ProviderAnswer.unknown("answer_mismatch")


@pytest.mark.parametrize(
    "behave", [say_nothing, hang_up, answering(500, b""), answering(200, b"{}"), _refusing(401, "unauthorized")]
)
async def test_a_lookup_without_an_answer_concludes_nothing(behave: Behaviour) -> None:
    async with misbehaving(behave) as url, PaymentsClient(url, "key", IMPATIENT) as payments:
        with pytest.raises(ProviderUnavailableError):
            await payments.find("ACME-1042")


async def test_a_hanging_provider_is_no_longer_asked_after_a_while() -> None:
    row = replace(IMPATIENT, breaker=replace(ROW.breaker, failures=2))
    async with misbehaving(say_nothing) as url, PaymentsClient(url, "key", row, lambda: 0.0) as payments:
        answers = [await payments.authorize(new_key(), "ACME-1042", 1, "EUR", "pm_ok") for _ in range(3)]
    assert answers == [ProviderAnswer.unknown("timeout")] * 2 + [ProviderAnswer.unavailable("breaker_open")]


async def test_a_refusal_is_a_healthy_provider() -> None:
    row = replace(IMPATIENT, breaker=replace(ROW.breaker, failures=1))
    async with misbehaving(_refusing(422, "unknown_method")) as url, PaymentsClient(url, "key", row) as payments:
        answers = [await payments.authorize(new_key(), "ACME-1042", 1, "EUR", "pm_nobody") for _ in range(3)]
    assert answers == [ProviderAnswer.failed("unknown_method")] * 3
