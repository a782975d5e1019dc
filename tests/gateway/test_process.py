"""The process around the answers: health, figures, pages, deadlines, outages, and an end that loses no request."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import MutableMapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from starlette.requests import Request

from adapters import tools
from adapters.opa.gates.engine import serving
from gateway.body import read_json_body
from gateway.development import STATIC
from gateway.errors import SlowBodyError
from tests.gateway.conftest import Ground, built
from tests.gateway.ground import SDL, Client, Running, listening
from wiring.settings import Settings


async def test_it_lives(client: Client) -> None:
    """Whatever else is down."""
    assert (await client.send("GET", "/healthz")).body == {"live": True}


async def test_it_is_not_ready_without_a_policy_engine(client: Client) -> None:
    """And says so by name; the database alone is not enough."""
    answer = await client.send("GET", "/readyz")
    assert answer.status == 503
    assert answer.body["ready"] is False
    assert answer.body["revision"] == 1
    assert list(answer.body["missing"]) == ["policy"]


async def test_it_is_ready_when_the_engine_says_a_known_yes_and_a_known_no(
    ground: Ground, http: aiohttp.ClientSession
) -> None:
    """By the active revision; an engine with another one does not count."""
    opa = tools.ensure(tools.OPA, Settings().tools)
    for revision, ready in ((1, True), (2, False)):
        with (
            serving(opa, revision=revision, authz=True) as engine,
            listening(built(ground, socket=engine.socket)) as one,
        ):
            answer = await Client(one.url, http).send("GET", "/readyz")
            assert (answer.status, answer.body["ready"]) == ((200, True) if ready else (503, False))
            assert answer.body["missing"] == ({} if ready else {"policy": "No usable answer (policy.wrong_revision)."})


async def test_figures_have_few_labels(client: Client) -> None:
    """Whatever clients send, a label's value is one of ours."""
    for path in ("/a", "/b", "/c"):
        await client.send("GET", path)
    await client.ask("query Mine { mine: hello }")
    figures = (await client.send("GET", "/metrics")).body
    assert 'portcullis_requests_total{outcome="OK",route="/graphql"}' in figures
    assert 'portcullis_requests_total{outcome="BAD_REQUEST",route="other"}' in figures
    assert "portcullis_request_seconds_bucket" in figures
    assert "process_resident_memory_bytes" in figures
    assert not {"mine", "Mine", '"/a"'} & set(figures.replace("=", " ").replace(",", " ").split())


async def test_the_schema_is_served_as_text(client: Client) -> None:
    """As it is committed."""
    answer = await client.send("GET", "/schema.graphql")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.body == SDL.read_text()


async def test_the_root_leads_to_graphiql(client: Client) -> None:
    """The address that `make run` prints shows something in a browser."""
    root = await client.send("GET", "/")
    assert (root.status, "GraphiQL" in root.body) == (200, True)


async def test_graphiql_comes_from_here(client: Client) -> None:
    """No asset is somebody else's, and each is the file that was vendored."""
    page = await client.send("GET", "/graphiql")
    assert page.status == 200
    assert "<option>" in page.body
    assert "://" not in page.body
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in page.body.replace("'", '"').split('"'):
        if path.startswith("/static/"):
            assert (await client.send("GET", path)).status == 200
    versions = json.loads((STATIC / "vendor" / "versions.json").read_text())
    for name, about in versions.items():
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == about["sha256"]
    vendored = {path.name for path in (STATIC / "vendor").iterdir()}
    assert vendored == {*versions, "versions.json", "LICENSES.txt"}


async def test_production_has_no_conveniences(ground: Ground, http: aiohttp.ClientSession) -> None:
    """No tokens without a password, no page, no static files, no other origins."""

    @asynccontextmanager
    async def build(running: Running) -> Any:
        async with built(ground)(running) as parts:
            yield replace(parts, development=None)

    with listening(build) as running:
        client = Client(running.url, http)
        for path in ("/", "/dev/token", "/graphiql", "/static/graphiql.js"):
            assert (await client.send("GET", path)).status == 404
        head = {"Content-Type": "application/json"}
        assert (await client.send("POST", "/dev/token", b'{"login":"x"}', head)).status == 404
        answer = await client.ask("{hello}", Origin="http://localhost:5173")
        assert "access-control-allow-origin" not in answer.headers


async def test_an_operation_has_a_deadline(ground: Ground, http: aiohttp.ClientSession) -> None:
    """What takes longer is given up with a code that may be retried, and the gateway goes on."""
    with listening(built(ground, deadline_s=0.2)) as running:
        client = Client(running.url, http)
        answer = await client.ask("{forever}")
        assert (answer.status, answer.code) == (504, "DEADLINE")
        assert answer.headers["retry-after"] == "1"
        assert (await client.ask("{hello}")).status == 200


async def test_without_a_database_it_says_so(
    ground: Ground, http: aiohttp.ClientSession, forge_free_token: str
) -> None:
    """Whoever is signed in gets a code that may be retried; what needs no database is answered."""
    with listening(built(ground, dsn="postgresql://nobody@127.0.0.1:9/nothing")) as running:
        client = Client(running.url, http)
        answer = await client.ask("{hello}", token=forge_free_token)
        assert (answer.status, answer.code) == (503, "DATABASE_UNAVAILABLE")
        assert (await client.ask("{hello}")).status == 200
        ready = await client.send("GET", "/readyz")
        assert ready.status == 503
        assert "database" in ready.body["missing"]


async def test_running_requests_are_answered_before_the_end(ground: Ground, http: aiohttp.ClientSession) -> None:
    """Told to end, it takes no new connection, and finishes what it has."""
    with listening(built(ground)) as running:
        client = Client(running.url, http)
        asked = asyncio.create_task(client.ask("{untilTold}"))
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(running.running.wait(), running.loop))
        running.loop.call_soon_threadsafe(running.server.handle_exit, 15, None)
        await until_refused(running.port)
        assert not asked.done()
        running.loop.call_soon_threadsafe(running.go_on.set)
        assert (await asked).body == {"data": {"untilTold": "told"}}


async def until_refused(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return
        writer.close()
        await asyncio.sleep(0.01)


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    """408, by the clock of the server."""

    async def never() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        return {}

    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "http_version": "1.1"}
    request = Request({**scope, "headers": [(b"content-type", b"application/json")]}, never)
    with pytest.raises(SlowBodyError):
        await read_json_body(request, patience_s=0.01)
