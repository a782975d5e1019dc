"""The two floors as one process of bare ASGI: `python -m cli.bench.floors PORT ORGANIZATION PERSON`.

Fair: row-level security context, one query (an approval: one read and one guarded write of all that we write, in one
statement and into tables of the same shape), orjson. Raw: the same as the tables' owner, without context and gates.
Neither knows tokens, GraphQL or policy. docs/decisions/0012 says why the tables are copies of ours.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import uvicorn
from starlette.types import Receive, Scope, Send

from cli.bench import floor_sql
from db.pool import create_pool
from wiring.databases import database_urls
from wiring.settings import Settings

Answer = Callable[[Mapping[str, Any]], Awaitable[Any]]
_HEAD = {"type": "http.response.start", "status": 200}


@dataclass(frozen=True, slots=True)
class Floor:
    """One viewer on one pool. `context` opens what a read is isolated by; None reads without."""

    pool: asyncpg.Pool
    organization: UUID
    person: UUID
    context: str | None

    async def order(self, asked: Mapping[str, Any]) -> Any:
        found = await self._read(floor_sql.ONE, self.organization, asked["number"])
        return {"order": found[0]}

    async def orders(self, _: Mapping[str, Any]) -> Any:
        found = await self._read(floor_sql.MANY, self.organization)
        return {"orders": {"edges": [{"node": node} for node in found]}}

    async def approve(self, asked: Mapping[str, Any]) -> Any:
        read, write = (
            (floor_sql.READ_FAIR, floor_sql.WRITE_FAIR) if self.context else (floor_sql.READ_RAW, floor_sql.WRITE_RAW)
        )
        order = UUID(asked["order"])
        seen = await self.pool.fetchrow(read, self.organization, order, self.person)
        written = await self.pool.fetchval(
            write,
            *(self.organization, order, seen["version"], self.person, seen["authority_epoch"], seen["platform"]),
            *(seen["revision"], seen["settings_epoch"], uuid4(), _input(asked["order"], seen), asked["key"]),
        )
        if written != 1:
            return {"orderApprove": None}
        shown = {"number": seen["number"], "state": "APPROVED", "version": seen["version"] + 1}
        return {"orderApprove": {"order": shown, "refusal": None}}

    async def _read(self, sql: str, *arguments: Any) -> list[Any]:
        async with self.pool.acquire() as connection:
            if self.context is not None:
                await connection.execute(self.context)
            found = await connection.fetch(sql, *arguments)
            if self.context is not None:
                await connection.execute("commit")
        return [record["found"] for record in found]


def _input(order: str, seen: Mapping[str, Any]) -> str:
    """What a decision would keep of what it was judged by: as long as our own questions are."""
    given = {"action": "order.approve", "order": order, "state": seen["state"], "version": seen["version"]}
    return orjson.dumps({**given, "rest": "x" * 1250}).decode()


def application(floors: Mapping[str, Floor]) -> Any:
    answers: dict[str, Answer] = {
        f"/{name}/{what}": getattr(floor, what)
        for name, floor in floors.items()
        for what in ("order", "orders", "approve")
    }

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        answer = orjson.dumps({"data": await answers[scope["path"]](orjson.loads(body or b"{}"))})
        length = (b"content-length", str(len(answer)).encode())
        await send({**_HEAD, "headers": [(b"content-type", b"application/json"), length]})
        await send({"type": "http.response.body", "body": answer})

    return serve


async def main(port: int, organization: UUID, person: UUID) -> None:
    settings = Settings()
    urls = database_urls(settings)
    context = (
        "begin isolation level repeatable read read only; "
        f"select set_config('app.org', '{organization}', true), set_config('app.person', '{person}', true)"
    )
    async with AsyncExitStack() as stack:
        pools = {}
        for name, dsn in (("fair", urls.gateway), ("raw", urls.owner)):
            pools[name] = await create_pool(dsn, settings.pool_size, name=f"portcullis {name} floor", warm=False)
            stack.push_async_callback(pools[name].close)
        floors = {
            "fair": Floor(pools["fair"], organization, person, context),
            "raw": Floor(pools["raw"], organization, person, None),
        }
        config = uvicorn.Config(
            application(floors), host="127.0.0.1", port=port, loop="uvloop", http="httptools", lifespan="off",
            log_level="warning", access_log=False, server_header=False, timeout_keep_alive=60,
        )  # fmt: skip
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), UUID(sys.argv[2]), UUID(sys.argv[3])))
