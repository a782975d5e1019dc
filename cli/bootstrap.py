"""Writes the first rows of a marketplace that is not open yet, each set under one decision of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from cli.seed_data import seeded
from db import pool, write
from domain.change import Change, Decision, DecisionEffect, Done
from domain.command import Actor, Ref, Request
from domain.effects import Advance, Create, Effect
from domain.ports import Cipher

if TYPE_CHECKING:
    from wiring.settings import Settings

_OWNER = "portcullis_owner"


class BootstrapError(RuntimeError):
    """A first row was refused; the message names its set."""


async def connect(settings: Settings) -> asyncpg.Connection:
    """As the owner of the tables, with values encoded as the write wants them."""
    from wiring.databases import database_urls

    connection = await asyncpg.connect(database_urls(settings).owner)
    await pool.start(connection)
    if await connection.fetchval("select current_user") != _OWNER:
        await connection.execute(f"set role {_OWNER}")
    return connection


@dataclass(slots=True)
class Bootstrap:
    """One writer. Decision ids come from the names of the sets: what a killed run wrote is not written again."""

    connection: asyncpg.Connection
    cipher: Cipher
    platform: UUID
    written: int = 0
    _known: set[UUID] = field(default_factory=set)

    async def begin(self) -> None:
        """Look up which sets are there already."""
        found = await self.connection.fetch("select d.id from decision d where d.decider = 'bootstrap'")
        self._known = {row["id"] for row in found}

    def knows(self, name: str) -> bool:
        return seeded("decision", name) in self._known

    async def write(self, name: str, effects: Sequence[Effect]) -> bool:
        """Write one set in one transaction, unless it is there; whether it was written. Raises `BootstrapError`."""
        if self.knows(name) or not effects:
            return False
        decision = decided(name, effects, self.platform)
        answer = await write.change(
            self.connection, Change(decision.actor.organization, decision, (), tuple(effects)), self.cipher
        )
        if not isinstance(answer, Done):
            raise BootstrapError(f"{name}: {answer}")
        self._known.add(decision.id)
        self.written += 1
        return True


def decided(name: str, effects: Sequence[Effect], organization: UUID) -> Decision:
    """The decision of one set: of the system, under revision 1, listing whatever moves."""
    moves = [effect for effect in effects if isinstance(effect, Advance | Create)]
    first, id = moves[0], seeded("decision", name)
    return Decision(
        id=id,
        action=first.action,
        outcome="allowed",
        decider="bootstrap",
        actor=Actor(organization),
        request=Request(request_id=f"seed:{name}"[:80], trace_id=id.hex, channel="seed"),
        subject=Ref(first.noun, first.organization, first.id),
        subject_state=None,
        subject_version=0,
        revision=1,
        role="system",
        roles=("system",),
        effects=tuple(DecisionEffect(move.noun, move.id, move.action) for move in moves),
    )
