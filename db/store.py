"""PostgreSQL as the domain sees it: facts are read in one statement, changes written in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from db import write
from db.facts import FactsReader
from db.queries import NOUN_OF, facts_queries
from domain.change import Change, ChangeAnswer, Decision, Idempotency, Stored
from domain.command import Actor, Command, Ref
from domain.facts import Facts
from domain.ports import Cipher


class PostgresStore:
    """Implements `domain.ports.Store` on one pool."""

    def __init__(self, pool: asyncpg.Pool | asyncpg.Connection, cipher: Cipher) -> None:
        self._pool = pool
        self._cipher = cipher
        self._reader = FactsReader(pool, facts_queries(), NOUN_OF)

    async def facts(self, command: Command) -> Facts[Any]:
        return await self._reader.facts(command)

    async def facts_of(
        self, actor: Actor, noun: str, refs: Sequence[Ref], commands: Sequence[Command]
    ) -> list[list[Facts[Any]]]:
        """Facts of many rows of one noun for each of several actions, for `permittedActions`."""
        return await self._reader.facts_of(actor, noun, refs, commands)

    async def change(self, change: Change) -> ChangeAnswer:
        return await write.change(self._pool, change, self._cipher)

    async def deny(self, decision: Decision) -> None:
        await write.deny(self._pool, decision)

    async def remember(self, idempotency: Idempotency) -> Stored:
        return await write.remember(self._pool, idempotency)
