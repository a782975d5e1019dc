"""The one pool of a process: plain asyncpg connections, decoded the same everywhere, warm before their first change."""

from __future__ import annotations

from typing import Any

import asyncpg
import orjson

from db import write
from db.lending import Pool

_JSONB_VERSION = b"\x01"


async def create_pool(
    dsn: str,
    size: int,
    *,
    name: str = "portcullis",
    warm: bool = True,
    smallest: int = 1,
) -> Pool:
    """A pool of at most `size` connections; `name` shows in pg_stat_activity.

    Nothing is reset between borrowers, so nobody may leave anything behind: no SET, no LISTEN, no session lock.
    An open transaction is rolled back all the same.
    """
    pool: Pool = await Pool(
        dsn,
        min_size=min(smallest, size),
        max_size=size,
        max_queries=50_000,
        init=_start_warm if warm else start,
        reset=_leave,
        max_inactive_connection_lifetime=0,
        loop=None,
        connection_class=asyncpg.Connection,
        record_class=asyncpg.Record,
        statement_cache_size=500,
        max_cached_statement_lifetime=0,  # preparing one anew costs its plan, and nothing here grows old
        server_settings={
            "application_name": name,
            "timezone": "UTC",
            # Every statement is about single rows by key: planning one anew costs more than running it.
            "plan_cache_mode": "force_generic_plan",
        },
    )
    return pool


async def start(connection: asyncpg.Connection) -> None:
    """JSON as Python values, by orjson."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: _JSONB_VERSION + write.to_json(value),
        decoder=_from_jsonb,
        format="binary",
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=write.to_json, decoder=orjson.loads, format="binary"
    )


def _from_jsonb(data: bytes) -> Any:
    return orjson.loads(data[1:])


async def _start_warm(connection: asyncpg.Connection) -> None:
    await start(connection)
    await write.warm(connection)


async def _leave(connection: asyncpg.Connection) -> None:
    return None
