"""The process of the two floors while a measurement runs: its tables made, started, and taken away again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from adapters import processes
from adapters.postgres import GATEWAY, OWNER
from cli.bench import floor_sql
from cli.bench.market import Market, free_port
from cli.bench.shop import BUYER
from cli.parts import http_ok
from wiring.databases import database_urls

_BUYER = "select organization, person from account where subject = $1"
GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Floors:
    """Where it listens, and the orders that each side may approve, once each."""

    url: str
    pid: int
    orders: Mapping[str, Iterator[str]]


@asynccontextmanager
async def floors(market: Market, orders: int) -> AsyncIterator[Floors]:
    connection = await asyncpg.connect(database_urls(market.settings).owner)
    try:
        buyer = await connection.fetchrow(_BUYER, BUYER)
        ids = await _tables(connection, buyer, orders)
        port = free_port()
        command = (
            sys.executable,
            "-m",
            "cli.bench.floors",
            str(port),
            str(buyer["organization"]),
            str(buyer["person"]),
        )
        with (market.settings.logs_folder / "floors.log").open("wb") as out:
            process = processes.start(command, out, environment=market.environment)
        try:
            url = f"http://127.0.0.1:{port}"
            while not await http_ok(url, "/fair/orders")(process.pid):
                if process.poll() is not None:
                    raise RuntimeError(processes.tail(market.settings.logs_folder / "floors.log"))
                await asyncio.sleep(0.05)
            half = len(ids) // 2
            yield Floors(url, process.pid, {"fair": iter(ids[:half]), "raw": iter(ids[half:])})
        finally:
            processes.end(process, signal.SIGTERM, GRACE_S)
            await connection.execute("drop schema bench cascade")
    finally:
        await connection.close()


async def _tables(connection: asyncpg.Connection, buyer: Any, orders: int) -> list[str]:
    await connection.execute(floor_sql.TABLES)
    for table in floor_sql.COPIED:
        await connection.execute(floor_sql.ISOLATION.format(table=table, role=GATEWAY, owner=OWNER))
    await connection.execute(floor_sql.FUNCTION.format(role=GATEWAY))
    made = await connection.fetch(floor_sql.FILL, buyer["organization"], orders)
    await connection.execute(floor_sql.KEYS)
    ids: list[UUID] = [row["id"] for row in made]
    return [str(id) for id in ids]
