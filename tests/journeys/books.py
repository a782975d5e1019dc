"""What stands behind the answers: rows of every table as the owner sees them, and the provider's own books."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import asyncpg

from tests.marketplace import Marketplace

PATIENCE_S = 60.0
ValueT = TypeVar("ValueT")

# What a refusal may leave behind: the denial itself, the outcome of its key, and that somebody is signed in.
TRACES = frozenset({"decision", "decision_mark", "idempotency", "session"})
_TABLES = """select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'public' and c.relkind = 'r' order by 1"""
_WAITING = """select l.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
               where not l.granted and l.relation = $1::regclass and a.application_name = 'portcullis gateway'"""
UNFINISHED = "select count(*) from saga where state in ('running', 'waiting', 'compensating')"
STOCK = "select s.on_hand, s.reserved from stock s join variant v on v.id = s.variant where v.sku = $1"


class Owner:
    """The database as its owner reads it, on a loop of its own: the tests of a journey are plain functions."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._loop = asyncio.new_event_loop()
        self._connection: asyncpg.Connection = self._loop.run_until_complete(asyncpg.connect(dsn))

    def rows(self, query: str, *values: Any) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = self._loop.run_until_complete(self._connection.fetch(query, *values))
        return found

    def value(self, query: str, *values: Any) -> Any:
        return self._loop.run_until_complete(self._connection.fetchval(query, *values))

    def counts(self) -> dict[str, int]:
        """Rows of each table that a refused request may not touch."""
        names = [row["relname"] for row in self.rows(_TABLES) if row["relname"] not in TRACES]
        union = " union all ".join(f"select '{name}' as name, count(*) as rows from \"{name}\"" for name in names)
        return {row["name"]: row["rows"] for row in self.rows(union)}

    def stock(self, sku: str) -> tuple[int, int]:
        """On hand and reserved."""
        (found,) = self.rows(STOCK, sku)
        return found["on_hand"], found["reserved"]

    @contextmanager
    def locked(self, *tables: str) -> Iterator[None]:
        """Nobody writes to these tables until the block ends; reading goes on."""
        other: asyncpg.Connection = self._loop.run_until_complete(asyncpg.connect(self._dsn))
        try:
            named = ", ".join(f'"{table}"' for table in tables)
            self._loop.run_until_complete(other.execute(f"begin; lock table {named} in share mode"))
            yield
        finally:
            self._loop.run_until_complete(other.close())

    def waiting(self, table: str) -> list[int]:
        """The calls of the gateway that wait for a locked table."""
        return [row["pid"] for row in self.rows(_WAITING, table)]

    def end(self, calls: list[int]) -> None:
        """End such calls, as if they had never been sent."""
        for call in calls:
            os.kill(call, signal.SIGTERM)

    def close(self) -> None:
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


@contextmanager
def owner_of(market: Marketplace) -> Iterator[Owner]:
    owner = Owner(market.dsn(owner=True))
    try:
        yield owner
    finally:
        owner.close()


def until(look: Callable[[], ValueT], *, good: Callable[[ValueT], bool] = bool, within_s: float = PATIENCE_S) -> ValueT:
    """Look until what is seen is good; what was seen last is in the error."""
    deadline = time.monotonic() + within_s
    found = look()
    while not good(found):
        assert time.monotonic() < deadline, f"still {found!r} after {within_s} s"
        time.sleep(0.02)
        found = look()
    return found


def quiet(owner: Owner) -> None:
    """Until no saga is under way any more."""
    until(lambda: owner.value(UNFINISHED), good=lambda left: left == 0)


def at_provider(market: Marketplace, reference: str) -> list[dict[str, Any]]:
    """What the payment provider has under one purchase number."""
    asked = urllib.parse.urlencode({"reference": reference})
    with urllib.request.urlopen(f"{market.payments_url}/v1/authorizations?{asked}", timeout=30) as response:
        found: list[dict[str, Any]] = json.loads(response.read())
        return found


def states_at_provider(market: Marketplace, reference: str) -> list[str]:
    return [found["state"] for found in at_provider(market, reference)]


def verified(market: Marketplace) -> str:
    """The last line of `portcullis verify`; what it found is in the error."""
    done = market.command("verify")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]
