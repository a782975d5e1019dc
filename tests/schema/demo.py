"""The demo marketplace in a database of its own, read in this process as any of its people; no HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg
from strawberry.types import ExecutionResult

from adapters.vault import Vault
from cli.seed_data import seeded
from db.ids import new_id
from db.sessions import identify
from domain.access.identity import Identity
from domain.act import act
from domain.command import Actor, Command, Ref, Request
from domain.page import Cursors
from domain.ports import Ports
from resolvers.context import Context, World, open_context
from resolvers.global_id import GlobalIds
from schema.schema import SCHEMA
from tests.conftest import Database
from wiring.cells import cells
from wiring.settings import DEVELOPMENT_ISSUER, DEVELOPMENT_KEY

REQUEST = Request("request-1", "trace-1")
KEY = b"a key of these tests"


@dataclass(slots=True)
class Answered:
    """What one operation came to: data, the errors' codes by path, and how many statements it took."""

    data: dict[str, Any]
    errors: dict[str, str]
    statements: int


@dataclass(slots=True)
class Demo:
    """`ids` encodes what the tests know by name."""

    database: Database
    pool: asyncpg.Pool
    ports: Ports
    ids: GlobalIds = field(default_factory=lambda: GlobalIds(KEY))
    known: dict[str, Identity] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return World(self.pool, self.ports, Vault(DEVELOPMENT_KEY), cells(), self.ids, Cursors(KEY))

    async def identity(self, login: str) -> Identity:
        """Whoever signs in with `login`, with a session that was started for real."""
        if login not in self.known:
            known = await identify(self.pool, DEVELOPMENT_ISSUER, login, f"token of {login}")
            assert known is not None, login
            args = {"account": known.account, "person": known.person, "acting_for": known.invited_to}
            private = {"_issuer": DEVELOPMENT_ISSUER, "_token_id": f"token of {login}", "_client": None}
            actor = Actor(known.platform, known.person)
            await act(Command("session.start", actor, REQUEST, args=args | private), self.ports)
            again = await identify(self.pool, DEVELOPMENT_ISSUER, login, f"token of {login}")
            identity = again.identity() if again else None
            assert identity is not None
            self.known[login] = identity
        return self.known[login]

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
            return answered(result, context)

    async def data(self, login: str | None, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation without errors."""
        answer = await self.ask(login, document, variables)
        assert answer.errors == {}, answer.errors
        return answer.data

    def organization(self, name: str) -> str:
        return self.ids.encode(Ref("organization", seeded("organization", "Platform"), seeded("organization", name)))

    def vendor(self, name: str) -> str:
        return self.ids.encode(Ref("vendor", seeded("organization", name), seeded("vendor", name)))

    def blinded(self) -> World:
        """A world whose first line lets everything through: only row-level security is left."""
        known = cells()
        all_see = {
            noun: {group: dict.fromkeys(("anyone",), "all") for group in groups} for noun, groups in known.nouns.items()
        }
        return replace(self.world, cells=replace(known, nouns=all_see))  # type: ignore[arg-type]


def answered(result: Any, context: Context) -> Answered:
    assert isinstance(result, ExecutionResult), result
    errors = {
        ".".join(map(str, error.path or ())): getattr(error.original_error, "code", repr(error.original_error or error))
        for error in result.errors or ()
    }
    return Answered(result.data or {}, errors, context.statements)


def new_key() -> str:
    return f"test-{new_id()}"
