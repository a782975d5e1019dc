"""kill -9 in the middle of everything: what was acknowledged is there once, the rest once or never."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from tests.adapters.payments.process import Http, Sandbox, http, new_key

AUTHORIZATIONS = "/v1/authorizations"
CLIENTS = 8
ACKNOWLEDGED_BEFORE_THE_KILL = 40


@dataclass
class Log:
    """What the clients sent, and what they were told about it."""

    sent: set[str] = field(default_factory=set)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    enough: asyncio.Event = field(default_factory=asyncio.Event)


async def _authorize_until_it_dies(provider: Http, log: Log) -> None:
    while True:
        key = new_key()
        log.sent.add(key)
        try:
            log.acknowledged[key] = await provider.authorize(1000, "pm_ok", "T-CRASH", key)
        except aiohttp.ClientError:
            return
        if len(log.acknowledged) >= ACKNOWLEDGED_BEFORE_THE_KILL:
            log.enough.set()


async def test_a_killed_sandbox_loses_nothing_it_acknowledged_and_repeats_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    running, log = Sandbox(tmp_path_factory.mktemp("crash")).start(), Log()
    try:
        async with http(running.url) as plain:
            clients = [asyncio.create_task(_authorize_until_it_dies(plain, log)) for _ in range(CLIENTS)]
            await log.enough.wait()
            running.end(signal.SIGKILL)
            await asyncio.gather(*clients)
        running.start()
        async with http(running.url) as plain:
            await _check(plain, log)
    finally:
        running.end()


async def _check(provider: Http, log: Log) -> None:
    _, found = await provider.get(AUTHORIZATIONS)
    by_key = {one["key"]: one for one in found}
    assert len(by_key) == len(found)
    assert by_key.items() >= log.acknowledged.items()
    assert by_key.keys() <= log.sent
    for key in log.sent:
        again = await provider.authorize(1000, "pm_ok", "T-CRASH", key)
        assert again == by_key.get(key, again)
    _, after = await provider.get(AUTHORIZATIONS)
    assert sorted(one["key"] for one in after) == sorted(log.sent)


async def test_a_hang_is_remembered_over_a_kill(tmp_path_factory: pytest.TempPathFactory) -> None:
    running, key = Sandbox(tmp_path_factory.mktemp("hang")).start(), new_key()
    try:
        async with http(running.url) as plain:
            call = asyncio.create_task(plain.authorize(1000, "pm_timeout_before", "T-HANG", key))
            while not _stalled_in(running):
                await plain.get("/healthz")
            running.end(signal.SIGKILL)
            with pytest.raises(aiohttp.ClientError):
                await call
        running.start()
        async with http(running.url) as plain:
            assert await plain.get(AUTHORIZATIONS) == (200, [])
            made = await plain.authorize(1000, "pm_timeout_before", "T-HANG", key)
            assert await plain.get(AUTHORIZATIONS) == (200, [made])
    finally:
        running.end()


def _stalled_in(sandbox: Sandbox) -> list[tuple[str]]:
    with closing(sqlite3.connect(sandbox.home / "payments.db")) as books:
        return books.execute("select key from stalled").fetchall()
