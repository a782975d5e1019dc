"""How often an operation goes to PostgreSQL, counted by the server itself in its log; asks PostgreSQL of our own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from adapters.postgres import SUPERUSER
from adapters.postgres.cluster import dsn
from cli.bench.market import Market
from wiring.databases import passwords

# One entry a round trip: the driver prepares a statement once and then executes it in one.
_ENTRY = re.compile(r"^\S+ \S+ UTC \[\d+\] portcullis_gateway@\S+ LOG:  (?:execute [^:]*|statement): ", re.MULTILINE)
_NEXT = re.compile(r"^\d{4}-\d\d-\d\d ", re.MULTILINE)
_WRITE = re.compile(r"\bfrom change\(|\bselect deny\(|\bfrom remember\(")


@dataclass(slots=True)
class Counted:
    """Of the gateway, between two moments."""

    round_trips: int = 0
    statements: int = 0
    writes: int = 0


@asynccontextmanager
async def counting(market: Market) -> AsyncIterator[Counted]:
    """Everything that the gateway sends inside the block; filled in when it ends."""
    log = market.settings.logs_folder / "postgres.log"
    counted = Counted()
    connection = await asyncpg.connect(
        dsn(market.settings.opa_socket.parent, SUPERUSER, passwords(market.settings)[SUPERUSER])
    )
    try:
        await _log_statements(connection, "all")
        start = log.stat().st_size
        yield counted
        with log.open("rb") as written:
            written.seek(start)
            _count(written.read().decode(errors="replace"), counted)
    finally:
        await _log_statements(connection, None)
        await connection.close()


async def _log_statements(connection: asyncpg.Connection, which: str | None) -> None:
    """Sessions that exist hear of it too; ours has heard when it shows."""
    await connection.execute(
        f"alter system set log_statement = '{which}'" if which else "alter system reset log_statement"
    )
    await connection.execute("select pg_reload_conf()")
    while await connection.fetchval("show log_statement") != (which or "none"):
        pass


def _count(text: str, counted: Counted) -> None:
    for entry in _ENTRY.finditer(text):
        end = _NEXT.search(text, entry.end())
        sent = text[entry.end() : end.start() if end else len(text)]
        counted.round_trips += 1
        counted.statements += len([part for part in sent.split(";") if part.strip()])
        counted.writes += bool(_WRITE.search(sent))
