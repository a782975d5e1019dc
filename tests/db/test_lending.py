"""The pool: what is in order is handed on, what is not reaches nobody, and nobody waits for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.lending import Pool, is_in_order
from db.pool import create_pool
from tests.conftest import Database

MOST = 3


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    made = await create_pool(database.gateway, MOST, name="lending", smallest=0)
    yield made
    await made.close()


async def test_more_borrowers_than_connections(pool: Pool) -> None:
    """Everybody gets one in turn, and no connection more than agreed is opened."""
    found = await asyncio.gather(*(pool.fetchval("select pg_backend_pid()") for _ in range(100)))
    assert 1 <= len(set(found)) <= MOST
    assert pool.get_idle_size() == pool.get_size() <= MOST


async def test_who_waits_too_long_gives_up(pool: Pool) -> None:
    """And is not handed a connection afterwards."""
    held = [await pool.take() for _ in range(MOST)]
    with pytest.raises(TimeoutError):
        await pool.take(0.01)
    for connection in held:
        pool.hand_on(connection)
    assert pool.get_idle_size() == MOST


async def test_who_gave_up_in_that_very_turn_passes_it_on(pool: Pool) -> None:
    held = [await pool.take() for _ in range(MOST)]
    first, second = (asyncio.create_task(pool.take()) for _ in range(2))
    await asyncio.sleep(0)
    pool.hand_on(held.pop())
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    held.append(await second)
    for connection in held:
        pool.hand_on(connection)
    assert pool.get_idle_size() == MOST


async def test_an_open_transaction_is_rolled_back(pool: Pool) -> None:
    """Its setting is gone with it."""
    async with pool.acquire() as connection:
        await connection.execute("begin; select set_config('app.org', 'left behind', true)")
        left = connection.get_server_pid()
    found = await asyncio.gather(
        *(pool.fetchrow("select pg_backend_pid(), current_setting('app.org', true)") for _ in range(MOST * 2))
    )
    assert left in {row[0] for row in found}
    assert {row[1] or None for row in found} == {None}


async def test_a_cancelled_statement_disturbs_nobody(pool: Pool) -> None:
    running = [asyncio.create_task(pool.fetchval("select pg_sleep(60)")) for _ in range(MOST)]
    waiting = asyncio.create_task(pool.fetchval("select 1"))
    while pool.get_size() < MOST or pool.get_idle_size():  # noqa: ASYNC110 -- a pool has no event
        await asyncio.sleep(0.005)
    for task in running:
        task.cancel()
    assert await waiting == 1
    assert await asyncio.gather(*running, return_exceptions=True)
    assert await pool.fetchval("select 2") == 2


async def test_lost_connections_are_replaced(pool: Pool, database: Database) -> None:
    """Those that lay idle and the one that was in use."""
    superuser = await asyncpg.connect(database.server.dsn("postgres", database.name))
    await asyncio.gather(*(pool.fetchval("select 1") for _ in range(MOST * 2)))
    async with pool.acquire() as held:
        await superuser.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lending'"
        )
        while pool.get_size():  # noqa: ASYNC110 -- a pool has no event
            await asyncio.sleep(0.005)
        assert not is_in_order(held)
    await superuser.close()
    assert await asyncio.gather(*(pool.fetchval("select 3") for _ in range(MOST * 2))) == [3] * MOST * 2


async def test_closing_waits_for_who_still_has_one(database: Database) -> None:
    pool = await create_pool(database.gateway, MOST, name="lending")
    held, other = await pool.take(), await pool.take()
    pool.hand_on(other)
    closing = asyncio.create_task(pool.close())
    await asyncio.sleep(0)
    with pytest.raises(asyncpg.InterfaceError, match="closing"):
        await pool.take()
    assert await held.fetchval("select 4") == 4
    pool.hand_on(held)
    await closing


async def test_closing_ends_though_somebody_waits(database: Database) -> None:
    """Who waits is refused, and the last one to give back lets the pool close."""
    made = await create_pool(database.gateway, 1, name="closing", smallest=0)
    held = await made.take()
    waiting = asyncio.create_task(made.take())
    await asyncio.sleep(0)
    closing = asyncio.create_task(made.close())
    await asyncio.sleep(0)
    await made.release(held)
    with pytest.raises(asyncpg.InterfaceError):
        await waiting
    await asyncio.wait_for(closing, 30)
