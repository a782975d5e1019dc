"""A gateway that really listens: uvicorn in a thread, over a real database, with a schema of a few fields."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import strawberry
import uvloop
from graphql import GraphQLError

from domain.access.identity import Identity
from domain.command import Request
from gateway.app import Parts, create_app
from gateway.server import Server, server
from resolvers.errors import unauthenticated

CARD = "4111 1111 1111 1111"


@dataclass(frozen=True)
class Seen:
    """The context of the small schema."""

    identity: Identity | None
    request: Request
    identify: Callable[[], Awaitable[Identity | None]] | None
    running: asyncio.Event
    go_on: asyncio.Event


@strawberry.type
class Row:
    id: strawberry.ID
    name: str


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def rows(self, first: int = 20) -> list[Row]:
        return [Row(id=strawberry.ID(str(number)), name="row") for number in range(min(first, 3))]

    @strawberry.field
    def count(self, number: int) -> int:
        return number

    @strawberry.field
    def me(self, info: strawberry.Info) -> str | None:
        seen: Seen = info.context
        return str(seen.identity.person) if seen.identity else None

    @strawberry.field
    def acting(self, info: strawberry.Info) -> str | None:
        seen: Seen = info.context
        return str(seen.identity.organization) if seen.identity and seen.identity.organization else None

    @strawberry.field
    def roles(self, info: strawberry.Info) -> list[str]:
        seen: Seen = info.context
        return list(seen.identity.roles) if seen.identity else []

    @strawberry.field
    def secret(self, info: strawberry.Info) -> str | None:
        if info.context.identity is None:
            raise unauthenticated()
        return "secret"

    @strawberry.field
    def boom(self, text: str = "") -> str | None:
        raise RuntimeError(f"the secret of {text}")

    @strawberry.field
    def lost(self) -> str | None:
        raise ConnectionResetError("database gone")

    @strawberry.field
    def picky(self) -> str | None:
        raise GraphQLError("not like this")

    @strawberry.field
    async def forever(self, info: strawberry.Info) -> str:
        info.context.running.set()
        await asyncio.Event().wait()
        return "never"

    @strawberry.field
    async def until_told(self, info: strawberry.Info) -> str:
        info.context.running.set()
        await info.context.go_on.wait()
        return "told"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self, text: str = "") -> str:
        return text or "touched"

    @strawberry.mutation
    def bump(self) -> str:
        raise RuntimeError("bump")


SCHEMA = strawberry.Schema(Query, Mutation)


class Running:
    """A listening gateway and what it logged."""

    def __init__(self, log: io.StringIO) -> None:
        self.log = log
        self.loop: asyncio.AbstractEventLoop
        self.server: Server
        self.running: asyncio.Event
        self.go_on: asyncio.Event
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lines(self, event: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in found if line["event"] == event]

    def line_of(self, request_id: str, event: str = "request") -> dict[str, Any]:
        """The one line of a request; it is written before the answer's last byte is acknowledged, or soon after."""
        return next(line for line in self.lines(event) if line["request_id"] == request_id)

    @asynccontextmanager
    async def open_context(
        self, identity: Identity | None, request: Request, identify: Callable[[], Awaitable[Identity | None]] | None
    ) -> AsyncIterator[Seen]:
        yield Seen(identity, request, identify, self.running, self.go_on)


Build = Callable[[Running], AbstractAsyncContextManager[Parts]]


@contextmanager
def listening(build: Build) -> Iterator[Running]:
    """Runs until the block ends; `build` opens what the gateway needs inside its loop."""
    running = Running(io.StringIO())
    up, failed = threading.Event(), []

    async def live() -> None:
        running.loop, running.running, running.go_on = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        async with build(running) as parts:
            running.server = server(create_app(parts), "127.0.0.1", 0)
            with socket.create_server(("127.0.0.1", 0)) as listener:
                running.port = listener.getsockname()[1]
                serving = asyncio.create_task(running.server.serve(sockets=[listener]))
                while not running.server.started and not serving.done():  # noqa: ASYNC110 -- uvicorn has no event
                    await asyncio.sleep(0.005)
                if not serving.done():
                    up.set()
                await serving

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(live())
        except BaseException as error:  # noqa: BLE001 -- told to the test that waits
            failed.append(error)
        finally:
            up.set()

    thread = threading.Thread(target=run)
    thread.start()
    assert up.wait(60)
    if failed:
        raise failed[0]
    try:
        yield running
    finally:
        running.loop.call_soon_threadsafe(setattr, running.server, "should_exit", True)
        thread.join(30)
        assert not thread.is_alive()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The code of the only error of a refused request."""
        assert "data" not in self.body, self.body
        found = {error["extensions"]["code"] for error in self.body["errors"]}
        assert len(found) == 1, self.body
        return str(found.pop())

    @property
    def reason(self) -> str | None:
        return self.body["errors"][0]["extensions"].get("reason")


class Client:
    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        async with self.session.request(
            method, self.url + path, data=body, headers=headers, skip_auto_headers=["Content-Type"]
        ) as answer:
            raw = await answer.read()
            kind = answer.headers.get("content-type", "")
            shown = json.loads(raw) if raw and "json" in kind else raw.decode()
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, shown)

    async def post(self, body: bytes, **headers: str) -> Answer:
        given = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return await self.send("POST", "/graphql", body, given)

    async def ask(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None, **headers: str
    ) -> Answer:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return await self.post(json.dumps({"query": query, "variables": variables}).encode(), **headers)


SDL = Path(__file__).parents[1] / "contract" / "schema.graphql"
