"""How answers look: media types, ids, times, security headers, and errors that say no more than they should."""

from __future__ import annotations

import json
import re

import pytest

from tests.gateway.ground import Client, Running

GRAPHQL, JSON = "application/graphql-response+json", "application/json"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{JSON};q=0.9, {GRAPHQL};q=0.1", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        ("text/html", JSON),
        (";;q=x,,", JSON),
    ],
)
async def test_the_media_type_is_the_one_asked_for(accept: str | None, media: str, client: Client) -> None:
    """The newer one first; the older one for whoever does not say."""
    answer = await client.ask("{hello}", **({"Accept": accept} if accept is not None else {}))
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.body == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize("query", ["{", "{nothing}", "query($n: Int!) {count(number: $n)}"])
async def test_an_older_client_reads_a_refused_document_from_200(query: str, client: Client) -> None:
    """Who accepts `application/json` alone gets 200 for what the document did wrong; everybody else 400."""
    assert (await client.ask(query, Accept=JSON)).status == 200
    for accept in (GRAPHQL, f"{GRAPHQL}, {JSON}", "*/*", f"{JSON}, */*"):
        answer = await client.ask(query, Accept=accept)
        assert (answer.status, "data" in answer.body) == (400, False)
    assert (await client.post(b"{", Accept=JSON)).status == 400


async def test_a_caller_may_name_its_request(client: Client) -> None:
    """A well-formed id and trace come back; the span is ours."""
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    answer = await client.ask("{hello}", X_Request_Id="my-request.1", traceparent=trace)
    assert answer.headers["x-request-id"] == "my-request.1"
    version, trace_id, span_id, flags = answer.headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", "4bf92f3577b34da6a3ce929d0e0e4736", "01")
    assert span_id != "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "trace",
    [
        "x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    ],
)
async def test_a_broken_trace_is_replaced(trace: str, client: Client) -> None:
    """By a new one."""
    answer = await client.ask("{hello}", traceparent=trace)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", answer.headers["traceparent"])
    assert "4bf92f3577b34da6a3ce929d0e0e4736" not in answer.headers["traceparent"]


@pytest.mark.parametrize("given", ["short", "a" * 65, "with blanks in it", 'quo"te-quote', "../../../etc/passwd"])
async def test_a_broken_request_id_is_replaced(given: str, client: Client) -> None:
    """So that nobody writes into our logs."""
    answer = await client.ask("{hello}", X_Request_Id=given)
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-request-id"])


async def test_every_answer_is_guarded(client: Client) -> None:
    """Also refused ones: no sniffing, no frames, no caching; times are told."""
    for answer in (await client.ask("{hello}"), await client.ask("{"), await client.send("GET", "/nothing")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "no-store" in answer.headers["cache-control"]
        assert "total;dur=" in answer.headers["server-timing"]
        assert "server" not in answer.headers


async def test_an_unexpected_error_is_masked_and_logged(client: Client, running: Running) -> None:
    """The client gets an id, the log the stack, and neither gets what the exception quoted."""
    answer = await client.ask('{boom(text: "hush") hello}')
    assert answer.status == 200
    assert answer.body["data"] == {"boom": None, "hello": "hello world"}
    (error,) = answer.body["errors"]
    assert error["path"] == ["boom"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] in error["message"]
    line = running.line_of(error["extensions"]["requestId"], "masked")
    assert line["exception"]["type"] == "builtins.RuntimeError"
    assert any("ground.py" in frame for frame in line["exception"]["stack"])
    assert "hush" not in answer.headers["x-request-id"] + json.dumps(answer.body) + running.log.getvalue()


async def test_where_nothing_was_answered_the_status_says_so(client: Client, forge_free_token: str) -> None:
    """A bug in the only field of a mutation is a 500 without data."""
    answer = await client.ask("mutation {bump}", token=forge_free_token)
    assert (answer.status, answer.code) == (500, "INTERNAL")


async def test_a_lost_database_is_no_bug(client: Client) -> None:
    """Its own code, which may be retried."""
    answer = await client.ask("{lost}")
    (error,) = answer.body["errors"]
    assert error["extensions"] | {"requestId": "", "traceId": ""} == {
        "code": "DATABASE_UNAVAILABLE",
        "requestId": "",
        "traceId": "",
        "retryable": "AFTER_DELAY",
        "retryAfterMs": 1000,
    }


async def test_an_error_that_was_meant_is_told(client: Client) -> None:
    """A coded error of a resolver, and one of GraphQL itself."""
    answer = await client.ask("{secret picky}")
    assert answer.body["data"] == {"secret": None, "picky": None}
    assert {error["extensions"]["code"] for error in answer.body["errors"]} == {"UNAUTHENTICATED", "VALIDATION_FAILED"}


async def test_a_request_is_one_line_without_what_was_sent(client: Client, running: Running) -> None:
    """Ids, the schema's own names, outcome and times; no variable, no literal, no alias, no token."""
    query = 'query Private($v: String!) { private: hello(name: $v) other: hello(name: "hush") }'
    answer = await client.ask(query, {"v": "quiet"})
    line = running.line_of(answer.headers["x-request-id"])
    assert line["outcome"] == "OK"
    assert (line["operation"], line["fields"], line["route"]) == ("query", ["hello", "hello"], "/graphql")
    assert line["trace_id"] in answer.headers["traceparent"]
    assert line["decision_ids"] == []
    assert not {"Private", "private", "hush", "quiet"} & set(re.findall(r"\w+", json.dumps(line)))


async def test_local_pages_may_call_and_others_may_not(client: Client) -> None:
    """CORS of the development profile."""
    for origin, allowed in (("http://localhost:5173", True), ("https://evil.example", False)):
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = await client.send("OPTIONS", "/graphql", headers=preflight)
        assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
    answer = await client.ask("{hello}", Origin="http://localhost:5173")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
