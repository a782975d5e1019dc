"""The demo marketplace in a database of its own, used in this process as any of its people; no HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import asyncpg
from strawberry.types import ExecutionResult

from adapters.postgres import GATEWAY
from adapters.tokens import DevelopmentIssuer
from cli.seed_data import seeded
from db.ids import new_id
from db.sessions import identify
from domain.access.identity import Identity
from domain.act import act
from domain.command import Actor, Command, Ref, Request
from domain.ports import Ports
from gateway.main import world_of
from resolvers.context import Context, World, open_context
from resolvers.global_id import GlobalIds
from schema.schema import SCHEMA
from tests.conftest import Database
from tests.schema.statements import StatementLog
from wiring.runtime import Runtime

REQUEST = Request("request-1", "trace-1")


@dataclass(slots=True)
class Answered:
    """What one operation came to: data, and the errors' codes by path."""

    data: dict[str, Any]
    errors: dict[str, str]


@dataclass
class Demo:
    """One process's view of it, with the same keys as the gateway."""

    database: Database
    runtime: Runtime
    known: dict[str, Identity] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def pool(self) -> asyncpg.Pool:
        return self.runtime.pool

    @property
    def ports(self) -> Ports:
        return self.runtime.ports

    @cached_property
    def world(self) -> World:
        return world_of(self.runtime, self.ports)

    @property
    def ids(self) -> GlobalIds:
        return self.world.ids

    @property
    def statements(self) -> StatementLog:
        return StatementLog(self.database.server.log, GATEWAY, self.database.name)

    async def identity(self, login: str) -> Identity:
        """Whoever signs in with `login`, with a session that was started for real."""
        if login not in self.known:
            issuer, token = self.runtime.settings.issuer, f"token of {login}"
            known = await identify(self.pool, issuer, login, token)
            assert known is not None, login
            args = {"account": known.account, "person": known.person, "acting_for": known.invited_to}
            private = {"_issuer": issuer, "_token_id": token, "_client": None}
            actor = Actor(known.platform, known.person)
            await act(Command("session.start", actor, REQUEST, args=args | private), self.ports)
            again = await identify(self.pool, issuer, login, token)
            identity = again.identity() if again else None
            assert identity is not None
            self.known[login] = identity
        return self.known[login]

    def token(self, login: str) -> str:
        """A bearer token for the gateway, always the same: its session is started once."""
        if login not in self.tokens:
            settings = self.runtime.settings
            issuer = DevelopmentIssuer(settings.home / "keys", settings.issuer, settings.audience)
            self.tokens[login], _ = issuer.issue(login)
        return self.tokens[login]

    @asynccontextmanager
    async def context(self, login: str | None, world: World | None = None) -> AsyncIterator[Context]:
        viewer = None if login is None else await self.identity(login)
        async with open_context(world or self.world, viewer, REQUEST) as context:
            yield context

    async def ask(
        self, login: str | None, document: str, variables: Mapping[str, Any] | None = None, world: World | None = None
    ) -> Answered:
        """One operation as one of the people; nobody where `login` is None."""
        async with self.context(login, world) as context:
            result = await SCHEMA.execute(document, dict(variables or {}), context_value=context)
        assert isinstance(result, ExecutionResult), result
        return Answered(result.data or {}, {_path(error): _code(error) for error in result.errors or ()})

    async def data(self, login: str | None, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation without errors."""
        answer = await self.ask(login, document, variables)
        assert answer.errors == {}, answer.errors
        return answer.data

    async def do(self, login: str, mutation: str, fields: str, **given: Any) -> dict[str, Any]:
        """The payload of one mutation that is not refused; `fields` is what is selected of it."""
        answer = await self.attempt(login, mutation, fields, **given)
        assert answer["refusal"] is None, (mutation, answer)
        return answer

    async def attempt(self, login: str, mutation: str, fields: str, **given: Any) -> dict[str, Any]:
        """The payload of one mutation, refused or not."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        refusal = "refusal { __typename code message ... on Denied { reasons { code message } } }"
        document = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} {refusal} replayed }} }}"
        found = await self.data(login, document, input={"idempotencyKey": new_key(), **given})
        payload: dict[str, Any] = found[mutation]
        return payload

    def organization(self, name: str) -> str:
        return self.encode("organization", seeded("organization", "Platform"), seeded("organization", name))

    def vendor(self, name: str) -> str:
        return self.encode("vendor", seeded("organization", name), seeded("vendor", name))

    def encode(self, noun: str, home: Any, id: Any) -> str:
        return self.ids.encode(Ref(noun, home, id))

    def blinded(self) -> World:
        """A world whose first line lets everything through: only row-level security is left."""
        known = self.world.cells
        all_see = {
            noun: {group: dict.fromkeys(("anyone",), "all") for group in groups} for noun, groups in known.nouns.items()
        }
        return replace(self.world, cells=replace(known, nouns=all_see))  # type: ignore[arg-type]


def _path(error: Any) -> str:
    return ".".join(map(str, error.path or ()))


def _code(error: Any) -> str:
    found: str = getattr(error.original_error, "code", repr(error.original_error or error))
    return found


def new_key() -> str:
    return f"test-{new_id()}"
