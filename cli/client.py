"""Speaks GraphQL to a running marketplace over HTTP, as any client would: tokens, keys, repeats that it asks for."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp

PATIENCE_S = 120
REPEATS = 40
AWAITED_MS = 1_000
REFUSAL = "refusal { __typename code message retryable ... on InProgress { retryAfterMs } }"


class ClientError(Exception):
    """The marketplace did not answer, or not as its schema says."""


class Client:
    """One client with its own connections: `async with Client(url) as client`."""

    def __init__(self, url: str, connections: int = 64) -> None:
        self._url = url
        self._connections = connections
        self._tokens: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections),
            timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def sign_in(self, login: str) -> str:
        """A bearer token of the development issuer; asked for once."""
        if login not in self._tokens:
            answer = await self._post("/dev/token", {"login": login}, {})
            if "token" not in answer:
                raise ClientError(f"no token for {login}: {answer}")
            self._tokens[login] = answer["token"]
        return self._tokens[login]

    async def ask(self, login: str, document: str, variables: Mapping[str, Any] | None = None) -> Any:
        """`data` of one operation; request-level errors are raised."""
        bearer = {"Authorization": f"Bearer {await self.sign_in(login)}"}
        answer = await self._post("/graphql", {"query": document, "variables": dict(variables or {})}, bearer)
        if answer.get("errors"):
            raise ClientError(f"{login}: {answer['errors']}")
        return answer["data"]

    async def act(self, login: str, mutation: str, selection: str, **fields: Any) -> Any:
        """One mutation under a key of its own; `IN_PROGRESS` is asked again with the same key, as it says.

        So is a purchase that still waits for its payment provider, which is no final answer either.
        """
        name = mutation[0].upper() + mutation[1:]
        document = (
            f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {selection} {REFUSAL} replayed }} }}"
        )
        given = {"input": {"idempotencyKey": secrets.token_hex(16), **fields}}
        payload: Any = None
        for _ in range(REPEATS):
            payload = (await self.ask(login, document, given))[mutation]
            wait_ms = _asked_again(payload)
            if wait_ms is None:
                break
            await asyncio.sleep(wait_ms / 1000)
        return payload

    async def must(self, login: str, mutation: str, selection: str, **fields: Any) -> Any:
        """The same, where anything but yes is an error."""
        payload = await self.act(login, mutation, selection, **fields)
        if payload["refusal"] is not None:
            raise ClientError(f"{mutation} by {login}: {payload['refusal']}")
        return payload

    async def _post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        try:
            async with self._session.post(self._url + path, json=body, headers=headers) as answer:
                return await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ClientError(f"{self._url}{path} does not answer: {error or type(error).__name__}") from error


def _asked_again(payload: Mapping[str, Any]) -> int | None:
    """In how many milliseconds the same is to be asked again; None for a final answer."""
    refusal = payload["refusal"]
    if refusal is not None:
        return int(refusal["retryAfterMs"]) if refusal["code"] == "IN_PROGRESS" else None
    return AWAITED_MS if (payload.get("purchase") or {}).get("state") == "AWAITING_PROVIDER" else None
