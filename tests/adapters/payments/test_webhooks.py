"""Webhooks: signatures, and delivery at least once from the sandbox's outbox."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from adapters.payments.row import RetrySchedule
from adapters.payments.webhooks import SIGNATURE_HEADER, TOLERANCE_SECONDS, sign, signature_header, verify
from tests.adapters.payments.process import Sandbox, http, new_key

SECRET = "a-secret-for-this-test"


@given(st.binary(max_size=200), st.integers(0, 10**11))
def test_a_signature_holds_for_its_own_body_time_and_secret_only(body: bytes, at: int) -> None:
    header = signature_header(SECRET, at, body)
    assert verify(SECRET, header, body, now=at)
    assert not verify(SECRET, header, body + b" ", now=at)
    assert not verify("another", header, body, now=at)
    assert not verify(SECRET, signature_header(SECRET, at + 1, body).replace(str(at + 1), str(at)), body, now=at)


def test_a_signature_is_good_for_five_minutes_around_its_time() -> None:
    header = signature_header(SECRET, 1_000_000, b"{}")
    for distance, good in ((TOLERANCE_SECONDS, True), (TOLERANCE_SECONDS + 1, False)):
        assert verify(SECRET, header, b"{}", now=1_000_000 + distance) is good
        assert verify(SECRET, header, b"{}", now=1_000_000 - distance) is good


@pytest.mark.parametrize("header", ["", "t=1", "t=x,v1=" + "0" * 64, "t=1,v1=" + "g" * 64, "t=1,v1=é"])
def test_a_header_of_another_form_is_no_signature(header: str) -> None:
    assert not verify(SECRET, header, b"{}", now=1)


def test_the_signature_is_the_documented_hmac() -> None:
    # printf '1.body' | openssl dgst -sha256 -hmac key
    assert sign("key", 1, b"body") == "91b5374b153842ad05b2c4eab9349b8321b14703165bd3fb8b034dfb8be98ae5"


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_retry_waits_at_most_its_cap_with_full_jitter(attempt: int, draw: float) -> None:
    schedule = RetrySchedule(base=0.5, factor=2.0, cap=30.0, attempts=20)
    assert schedule.delay(attempt, draw) == min(30.0, 0.5 * 2.0 ** min(attempt, 64)) * draw


@dataclass
class Inbox:
    """A receiver that checks every signature and answers as it is told."""

    answers: Callable[[int], int]
    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        timestamp = int(request.headers[SIGNATURE_HEADER].split(",")[0].removeprefix("t="))
        if not verify(SECRET, request.headers[SIGNATURE_HEADER], body, now=timestamp):
            return web.Response(status=401)
        async with self.arrived:
            self.bodies.append(body)
            self.arrived.notify_all()
            return web.Response(status=self.answers(len(self.bodies)))

    async def has(self, events: list[str]) -> None:
        async with asyncio.timeout(30), self.arrived:
            await self.arrived.wait_for(lambda: [orjson.loads(body)["type"] for body in self.bodies] == events)


@asynccontextmanager
async def inbox(answers: Callable[[int], int]) -> AsyncIterator[Inbox]:
    receiver = Inbox(answers)
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"{site.name}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


def _announcing(factory: pytest.TempPathFactory, url: str) -> Sandbox:
    settings = {"PORTCULLIS_PAYMENTS_WEBHOOK_URL": url, "PORTCULLIS_PAYMENTS_WEBHOOK_SECRET": SECRET}
    return Sandbox(factory.mktemp("webhooks"), settings)


async def test_every_change_is_announced_once_and_signed(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with inbox(lambda _: 204) as received:
        running = _announcing(tmp_path_factory, received.url).start()
        try:
            async with http(running.url) as plain:
                key = new_key()
                made = await plain.authorize(1000, reference="T-1", key=key)
                await received.has(["authorization.authorized"])
                await plain.authorize(1000, reference="T-1", key=key)
                await plain.post(f"/v1/authorizations/{made['id']}/captures", {"amount": 1000}, new_key())
                await received.has(["authorization.authorized", "authorization.captured"])
                await plain.authorize(1000, "pm_declined")
                await received.has(["authorization.authorized", "authorization.captured", "authorization.declined"])
                _, now = await plain.get(f"/v1/authorizations/{made['id']}")
        finally:
            running.end()
    first, second, _ = [orjson.loads(body) for body in received.bodies]
    assert (first["data"], second["data"]) == (made, now)


async def test_a_refused_announcement_comes_again_with_the_same_id(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with inbox(lambda count: 500 if count < 3 else 200) as received:
        running = _announcing(tmp_path_factory, received.url).start()
        try:
            async with http(running.url) as plain:
                await plain.authorize()
            await received.has(["authorization.authorized"] * 3)
        finally:
            running.end()
    assert len(set(received.bodies)) == 1


async def test_what_was_not_delivered_before_a_kill_is_delivered_after_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    refusing = [True]
    async with inbox(lambda _: 500 if refusing[0] else 200) as received:
        running = _announcing(tmp_path_factory, received.url).start()
        async with http(running.url) as plain:
            made = await plain.authorize()
        async with asyncio.timeout(30), received.arrived:
            await received.arrived.wait_for(lambda: received.bodies)
        running.end(signal.SIGKILL)
        refusing[0] = False
        before = len(received.bodies)
        running.start()
        try:
            async with asyncio.timeout(30), received.arrived:
                await received.arrived.wait_for(lambda: len(received.bodies) > before)
        finally:
            running.end()
    assert orjson.loads(received.bodies[-1])["data"] == made
