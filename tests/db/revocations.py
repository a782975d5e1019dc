"""Everything that can take a permit's ground away, as SQL of the owner, and a change that rests on all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg

from db import write
from db.ids import new_id
from domain.change import Change, ChangeAnswer, Proof, ProofKind
from tests.db.shopping import Basket
from tests.db.world import VAULT, World, create


@dataclass(frozen=True, slots=True)
class Revocation:
    """`take` ends something that permits rely on, `give` lets it hold again; the proof of that kind must fail."""

    proof: ProofKind
    take: Callable[[World], str]
    give: Callable[[World], str]


def _states(table: str, row: Callable[[World], UUID], gone: str, here: str) -> tuple[Callable[[World], str], ...]:
    def moved(state: str) -> Callable[[World], str]:
        return lambda world: f"update {table} set state = '{state}' where id = '{row(world)}'"

    return moved(gone), moved(here)


def _nothing(world: World) -> str:
    return "select"


REVOCATIONS: Mapping[str, Revocation] = {
    "grant revoked": Revocation(
        "person", *_states('"grant"', lambda world: world.grants[world.buyer.id], "revoked", "live")
    ),
    "epoch bumped": Revocation(
        "person",
        lambda world: f"update person set authority_epoch = authority_epoch + 1 where id = '{world.buyer.id}'",
        _nothing,
    ),
    "vendor suspended": Revocation("standing", *_states("vendor", lambda world: world.vendor, "suspended", "active")),
    "revision revoked": Revocation(
        "revision", *_states("policy_revision", lambda world: world.revision, "revoked", "active")
    ),
    "session revoked": Revocation("session", *_states("session", lambda world: world.buyer.session, "revoked", "live")),
    "setting changed": Revocation(
        "settings",
        lambda world: f"update runtime_setting set value = value || ' ' where id = '{world.setting}'",
        _nothing,
    ),
}

_FACTS = """
select (select authority_epoch from person where id = $1) as person,
       (select standing_epoch from organization where id = $2) as acme,
       (select standing_epoch from organization where id = $3) as volt,
       (select settings_epoch from marketplace) as settings"""


async def relying(world: World, owner: asyncpg.Connection) -> Change:
    """A new cart of the buyer, permitted by the revision, the settings, both standings, the person and the session."""
    now = await owner.fetchrow(_FACTS, world.buyer.id, world.acme, world.volt)
    made = create("cart.create", world.acme, new_id(), owner=world.buyer.id, currency="EUR")
    change = world.change("cart.create", world.buyer.actor, made)
    proofs = (
        *world.proofs(world.buyer.actor, epoch=now["person"], standing=now["acme"], settings=now["settings"]),
        Proof("standing", now["volt"], id=world.volt),
    )
    return replace(change, proofs=proofs)


def noting(world: World, basket: Basket) -> Change:
    """A note that was permitted for a placed order."""
    row = {"subject_noun": "order", "subject": basket.order, "visibility": "parties", "author": world.manager.id}
    change = world.change("note.add", world.manager.actor, create("note.add", world.acme, new_id(), world.volt, **row))
    parent = Proof("row", 1, id=basket.order, noun="order", organization=world.acme)
    return replace(change, proofs=(*change.proofs, parent))


def made(change: Change) -> UUID:
    """The row that a relying change makes."""
    (effect,) = change.effects
    id: UUID = effect.id  # type: ignore[union-attr]
    return id


async def called(connection: asyncpg.Connection, change: Change) -> ChangeAnswer | str:
    """`change` on a connection of the test's choice: the answer, or the SQLSTATE of what is none."""
    try:
        row = await connection.fetchrow(
            "select code, entries from public.change($1, $2, $3, $4, $5)", *write.encode(change, VAULT)
        )
    except asyncpg.PostgresError as error:
        if error.sqlstate in ("PC022", "PC090") or not error.sqlstate.startswith("PC"):
            return str(error.sqlstate)
        answer = write.refused(error)
        assert answer is not None
        return answer
    return str(row["code"])


async def journalled(connection: asyncpg.Connection, ids: list[UUID]) -> set[UUID]:
    """Which of these rows have a journal by now."""
    rows = await connection.fetch("select distinct aggregate from journal where aggregate = any($1)", ids)
    return {row["aggregate"] for row in rows}
