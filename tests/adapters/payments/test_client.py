"""The client against the real sandbox: each outcome of a call, and what reconciliation can find."""

import asyncio
import signal
from dataclasses import replace

import pytest

from adapters.breaker import BreakerLimits, BreakerState
from adapters.payments.client import PAGE, PaymentsClient
from adapters.payments.row import ROW
from domain.payments.provider import (
    ProviderAnswer,
    ProviderOutcome,
    ProviderState,
    ProviderUnavailableError,
)
from tests.adapters.payments.process import Sandbox, free_port, new_key, new_reference

IMPATIENT = replace(ROW, timeout=1.0)


async def test_an_authorization_succeeds_is_captured_in_parts_and_found(sandbox: Sandbox) -> None:
    key, reference = new_key(), new_reference()
    async with sandbox.client() as payments:
        made = await payments.authorize(key, reference, 1000, "EUR", "pm_ok")
        assert (made.outcome, made.amount, made.decline_code) == (ProviderOutcome.SUCCEEDED, 1000, None)
        parts = [await payments.capture(new_key(), made.id or "", amount) for amount in (400, 600)]
        (found,) = await payments.find(reference)
    assert [(part.outcome, part.amount) for part in parts] == [(ProviderOutcome.SUCCEEDED, n) for n in (400, 600)]
    assert [part.id for part in parts] == [capture.id for capture in found.captures]
    assert (found.id, found.key, found.state, found.is_charge) == (made.id, key, ProviderState.CAPTURED, True)


@pytest.mark.parametrize(
    ("method", "code"), [("pm_declined", "card_declined"), ("pm_insufficient", "insufficient_funds")]
)
async def test_a_declined_method_says_why(sandbox: Sandbox, method: str, code: str) -> None:
    reference = new_reference()
    async with sandbox.client() as payments:
        answer = await payments.authorize(new_key(), reference, 1000, "EUR", method)
        (found,) = await payments.find(reference)
    assert (answer.outcome, answer.decline_code, answer.id) == (ProviderOutcome.DECLINED, code, found.id)
    assert not found.is_charge


async def test_a_key_is_closed_or_in_use(sandbox: Sandbox) -> None:
    """And after it was closed, the same authorization certainly did nothing."""
    free, used, reference = new_key(), new_key(), new_reference()
    async with sandbox.client() as payments:
        assert (await payments.close(free)).outcome is ProviderOutcome.SUCCEEDED
        late = await payments.authorize(free, reference, 1000, "EUR", "pm_ok")
        await payments.authorize(used, reference, 1000, "EUR", "pm_ok")
        assert await payments.close(used) == ProviderAnswer.failed("key_in_use")
        assert [found.key for found in await payments.find(reference)] == [used]
    assert late == ProviderAnswer.failed("key_closed")


async def test_a_timeout_after_success_is_unknown_and_found_afterwards(sandbox: Sandbox) -> None:
    key, reference = new_key(), new_reference()
    async with sandbox.client(IMPATIENT) as payments:
        answer = await payments.authorize(key, reference, 1000, "EUR", "pm_timeout_after_success")
        (found,) = await payments.find(reference)
        again = await payments.authorize(key, reference, 1000, "EUR", "pm_timeout_after_success")
    assert answer == ProviderAnswer.unknown("timeout")
    assert (found.key, found.state) == (key, ProviderState.AUTHORIZED)
    assert again == ProviderAnswer.succeeded(found.id, 1000)


async def test_a_timeout_before_is_unknown_and_nothing_is_found(sandbox: Sandbox) -> None:
    key, reference = new_key(), new_reference()
    async with sandbox.client(IMPATIENT) as payments:
        answer = await payments.authorize(key, reference, 1000, "EUR", "pm_timeout_before")
        assert await payments.find(reference) == ()
        again = await payments.authorize(key, reference, 1000, "EUR", "pm_timeout_before")
    assert answer == ProviderAnswer.unknown("timeout")
    assert again.outcome is ProviderOutcome.SUCCEEDED


async def test_every_call_with_the_same_key_has_the_same_answer(sandbox: Sandbox) -> None:
    reference = new_reference()
    keys = (new_key(), new_key())
    async with sandbox.client() as payments:
        made = await asyncio.gather(*(payments.authorize(keys[0], reference, 1000, "EUR", "pm_ok") for _ in range(8)))
        captured = await asyncio.gather(*(payments.capture(keys[1], made[0].id or "", 1000) for _ in range(8)))
        (found,) = await payments.find(reference)
    assert set(made) == {ProviderAnswer.succeeded(found.id, 1000)}
    assert set(captured) == {ProviderAnswer.succeeded(found.captures[0].id, 1000)}


async def test_what_the_provider_refuses_has_failed_for_certain(sandbox: Sandbox) -> None:
    async with sandbox.client() as payments:
        made = await payments.authorize(new_key(), new_reference(), 1000, "EUR", "pm_ok")
        over = await payments.capture(new_key(), made.id or "", 1001)
        voided = await payments.void(new_key(), made.id or "")
        late = await payments.capture(new_key(), made.id or "", 1)
        nobody = await payments.void(new_key(), "auth_nobody")
        unknown = await payments.authorize(new_key(), new_reference(), 1000, "EUR", "pm_nobody")
    assert over == ProviderAnswer.failed("amount_exceeds_authorization")
    assert voided == ProviderAnswer.succeeded(made.id or "", 1000)
    assert late == ProviderAnswer.failed("authorization_voided")
    assert nobody == ProviderAnswer.failed("unknown_authorization")
    assert unknown == ProviderAnswer.failed("unknown_method")


async def test_a_key_used_for_something_else_is_unknown_because_that_happened(sandbox: Sandbox) -> None:
    key = new_key()
    async with sandbox.client() as payments:
        await payments.authorize(key, new_reference(), 1000, "EUR", "pm_ok")
        answer = await payments.authorize(key, new_reference(), 1000, "EUR", "pm_ok")
    assert answer == ProviderAnswer.unknown("idempotency_mismatch")


@pytest.mark.parametrize(
    "method", ["4111111111111111", "pm_4111111111111111", "pm_ok\n", "PM_OK", "pm_", "pm_" + "a" * 41, ""]
)
async def test_nothing_but_a_method_token_leaves_the_process(method: str) -> None:
    async with PaymentsClient(f"http://127.0.0.1:{free_port()}", "key") as payments:
        answer = await payments.authorize(new_key(), new_reference(), 1000, "EUR", method)
    assert answer == ProviderAnswer.failed("invalid_method")


async def test_malformed_keys_and_ids_are_bugs_of_the_caller(sandbox: Sandbox) -> None:
    async with sandbox.client() as payments:
        with pytest.raises(ValueError, match="idempotency key"):
            await payments.authorize("a\r\nb", new_reference(), 1000, "EUR", "pm_ok")
        with pytest.raises(ValueError, match="id of the provider"):
            await payments.capture(new_key(), "../void", 1000)


async def test_a_wrong_bearer_key_fails_and_makes_nothing(sandbox: Sandbox) -> None:
    reference = new_reference()
    async with PaymentsClient(sandbox.url, "wrong") as payments:
        answer = await payments.authorize(new_key(), reference, 1000, "EUR", "pm_ok")
        assert await payments.find(reference) == ()
    assert answer == ProviderAnswer.failed("unauthorized")


async def test_find_reads_more_than_one_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    running = Sandbox(tmp_path_factory.mktemp("pages")).start()
    try:
        async with running.client() as payments:
            keys = [new_key() for _ in range(PAGE + 1)]
            for key in keys:
                await payments.authorize(key, "T-MANY", 1000, "EUR", "pm_ok")
            assert [found.key for found in await payments.find("T-MANY")] == keys
            assert [found.key async for found in payments.list_all()] == keys
    finally:
        running.end()


async def test_a_provider_that_is_down_is_unavailable_until_it_is_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    running, now = Sandbox(tmp_path_factory.mktemp("down")).start(), [0.0]
    row = replace(ROW, breaker=BreakerLimits(failures=3, open_seconds=5.0))
    reference = new_reference()
    running.end(signal.SIGKILL)
    async with PaymentsClient(running.url, "sandbox-development-key", row, lambda: now[0]) as payments:
        answers = [await payments.authorize(new_key(), reference, 1000, "EUR", "pm_ok") for _ in range(4)]
        assert answers == [ProviderAnswer.unavailable("not_connected")] * 3 + [
            ProviderAnswer.unavailable("breaker_open")
        ]
        with pytest.raises(ProviderUnavailableError):
            await payments.find(reference)
        running.start()
        try:
            assert (payments.state, await payments.find(reference)) == (BreakerState.OPEN, ())
            now[0] = 5.0
            answer = await payments.authorize(new_key(), reference, 1000, "EUR", "pm_ok")
            assert (answer.outcome, payments.state) == (ProviderOutcome.SUCCEEDED, BreakerState.CLOSED)
        finally:
            running.end()


async def test_a_provider_killed_while_it_works_is_unknown(tmp_path_factory: pytest.TempPathFactory) -> None:
    running = Sandbox(tmp_path_factory.mktemp("killed")).start()
    async with running.client(replace(ROW, timeout=30.0)) as payments:
        call = asyncio.create_task(payments.authorize(new_key(), "T-1", 1000, "EUR", "pm_timeout_after_success"))
        while not await payments.find("T-1"):
            pass
        running.end(signal.SIGKILL)
        assert await call == ProviderAnswer.unknown("connection_lost")


async def test_a_cancelled_call_gives_its_probe_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    running, now = Sandbox(tmp_path_factory.mktemp("cancelled")).start(), [0.0]
    row = replace(ROW, timeout=1.0, breaker=BreakerLimits(failures=1, open_seconds=5.0))
    try:
        async with PaymentsClient(running.url, "sandbox-development-key", row, lambda: now[0]) as payments:
            await payments.authorize(new_key(), "T-1", 1000, "EUR", "pm_timeout_before")
            now[0] = 5.0
            probe = asyncio.create_task(payments.authorize(new_key(), "T-2", 1000, "EUR", "pm_timeout_after_success"))
            while not await payments.find("T-2"):
                pass
            probe.cancel()
            with pytest.raises(asyncio.CancelledError):
                await probe
            answer = await payments.authorize(new_key(), "T-3", 1000, "EUR", "pm_ok")
            assert answer.outcome is ProviderOutcome.SUCCEEDED
    finally:
        running.end()
