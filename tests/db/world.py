"""A small marketplace written through `change`, and what its people may be; for tests of the database alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import asyncpg

from adapters.vault import Vault
from db import write
from db.ids import new_id
from domain.change import (
    Change,
    ChangeAnswer,
    Decider,
    Decision,
    DecisionEffect,
    Done,
    Idempotency,
    Proof,
)
from domain.command import Actor, Ref, Request
from domain.effects import Advance, Create, Effect, Put
from domain.machines import ACTIONS, MACHINE_OF
from tests.db.asking import asked

VAULT = Vault("test")
REQUEST = Request("request", "trace")


def create(action: str, home: UUID, id: UUID, counterparty: UUID | None = None, **row: Any) -> Create:
    """The creating edge of an action."""
    about = ACTIONS[action]
    return Create(MACHINE_OF[action].noun, home, id, about.targets[0], action, about.event, row, counterparty)


def advance(  # noqa: PLR0917
    action: str, home: UUID, id: UUID, version: int, source: str, target: str | None = None, **more: Any
) -> Advance:
    """One edge of an action."""
    about = ACTIONS[action]
    to = target or about.target_from(source) or source
    return Advance(MACHINE_OF[action].noun, home, id, version, source, to, action, about.event, **more)


def listed(effects: Iterable[Effect]) -> tuple[DecisionEffect, ...]:
    return tuple(DecisionEffect(e.noun, e.id, e.action) for e in effects if isinstance(e, Advance | Create))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a live session, acting for one organization."""

    id: UUID
    account: UUID
    session: UUID
    organization: UUID

    @property
    def actor(self) -> Actor:
        return Actor(self.organization, self.id, self.account, self.session)


@dataclass(slots=True)
class World:
    """Who and what there is. `pool` is the gateway's unless a test makes its own."""

    pool: asyncpg.Pool
    platform: UUID = field(default_factory=new_id)
    acme: UUID = field(default_factory=new_id)
    volt: UUID = field(default_factory=new_id)
    vendor: UUID = field(default_factory=new_id)
    service: UUID = field(default_factory=new_id)
    revision: UUID = field(default_factory=new_id)
    setting: UUID = field(default_factory=new_id)
    buyer: Person = field(init=False)
    manager: Person = field(init=False)
    agent: Person = field(init=False)
    grants: dict[UUID, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.buyer, self.manager, self.agent = (
            Person(new_id(), new_id(), new_id(), home) for home in (self.acme, self.platform, self.volt)
        )

    def role(self, actor: Actor) -> str:
        """What everybody holds from the seed on; nobody else holds anything."""
        roles = {self.manager.id: "service_manager", self.agent.id: "fulfillment_agent"}
        return "system" if actor.person is None else roles.get(actor.person, "buyer")

    async def write(self, change: Change) -> ChangeAnswer:
        return await write.change(self.pool, change, VAULT)

    async def done(self, change: Change) -> Done:
        answer = await self.write(change)
        assert isinstance(answer, Done), answer
        return answer

    def decision(self, action: str, actor: Actor, effects: Sequence[Effect], decider: Decider = "policy") -> Decision:
        moves, role = [e for e in effects if isinstance(e, Advance | Create)], self.role(actor)
        about = (moves[0].noun, moves[0].organization, moves[0].id) if moves else ("cart", actor.organization, new_id())
        decision = Decision(
            id=new_id(),
            action=action,
            outcome="allowed",
            decider=decider,
            actor=actor,
            request=REQUEST,
            subject=Ref(*about),
            subject_state=None,
            subject_version=0,
            revision=1,
            role=role,
            roles=(role,),
            effects=listed(effects),
        )
        return asked(decision) if decider == "policy" else decision

    def proofs(self, actor: Actor, *, epoch: int = 1, standing: int = 1, settings: int = 1) -> tuple[Proof, ...]:
        """What every question relies on; nothing has been moved since the seed."""
        proofs = [Proof("revision", 1), Proof("settings", settings), Proof("standing", standing, id=actor.organization)]
        if actor.person:
            proofs.append(Proof("person", epoch, id=actor.person))
        if actor.session:
            proofs.append(Proof("session", 1, id=actor.session))
        return tuple(proofs)

    def change(self, action: str, actor: Actor, *effects: Effect, key: Idempotency | None = None) -> Change:
        """What the policy allowed somebody to do."""
        proofs = self.proofs(actor)
        return Change(actor.organization, self.decision(action, actor, effects), proofs, effects, key)

    def fixed(self, action: str, actor: Actor, *effects: Effect) -> Change:
        return Change(actor.organization, self.decision(action, actor, effects, "fixed"), (), effects)

    def bootstrap(self, action: str, *effects: Effect, actor: Actor | None = None) -> Change:
        who = actor or Actor(self.platform)
        return Change(who.organization, self.decision(action, who, effects, "bootstrap"), (), effects)

    def loose(self, *effects: Effect) -> Change:
        """Effects without a move, as the policy might have allowed them."""
        return self.change("cart.create", self.buyer.actor, *effects)

    def key(self, person: Person, action: str, key: str, input: bytes = b"same", **outcome: Any) -> Idempotency:
        return Idempotency(person.organization, person.id, action, key, input, "done", outcome)

    def person_effects(self, person: Person, role: str, number: int) -> tuple[Effect, ...]:
        grant = self.grants.setdefault(person.id, new_id())
        account = {"person": person.id, "issuer": "test", "subject": str(person.id)}
        session = {"person": person.id, "account": person.account, "acting_for": person.organization}
        return (
            create("person.invite", self.platform, person.id, person.organization),
            Put("account", person.organization, person.account, account),
            create("grant.issue", self.platform, grant, person.organization, person=person.id, role=role),
            create("session.start", self.platform, person.session, **session, issuer="test", token_id=f"t{number}"),
        )

    async def variant(self, stock: int, price: int = 1250) -> UUID:
        """A new variant with stock, published at once."""
        variant = new_id()
        await self.done(self.change("variant.create", self.agent.actor, *self.variant_effects(variant, stock, price)))
        return variant

    def variant_effects(self, variant: UUID, stock: int, price: int) -> tuple[Effect, ...]:
        row = {"service": self.service, "sku": f"SKU-{variant}", "title": "Socket", "currency": "EUR"}
        return (
            create("variant.create", self.volt, variant, **row),
            Put("price", self.volt, new_id(), {"variant": variant, "amount_minor": price, "currency": "EUR"}),
            replace(
                create("stock.create", self.volt, new_id(), variant=variant, on_hand=stock), payload={"on_hand": stock}
            ),
        )


async def seeded(pool: asyncpg.Pool, owner: asyncpg.Connection) -> World:
    """An open marketplace: a buyer, a platform and a vendor organization with one person each, and one service."""
    world = World(pool)
    await owner.execute("insert into marketplace (platform) values ($1)", world.platform)
    kinds = ((world.platform, "platform", "PLAT"), (world.acme, "buyer", "ACME"), (world.volt, "vendor", "VOLT"))
    setting = {"key": "cart.ttl", "title": "TTL", "kind": "duration", "value": "PT1H", "default_value": "PT1H"}
    await world.done(
        world.bootstrap(
            "organization.create",
            *(create("organization.create", world.platform, id, id, kind=k, name=k, code=c) for id, k, c in kinds),
            create("policy_revision.install", world.platform, world.revision, number=1, title="first", digest="d"),
            replace(create("runtime_setting.install", world.platform, world.setting, **setting), payload=setting),
            *world.person_effects(world.buyer, "buyer", 1),
            *world.person_effects(world.manager, "service_manager", 2),
            *world.person_effects(world.agent, "fulfillment_agent", 3),
            create("vendor.install", world.volt, world.vendor, name="Voltworks", country="DE"),
            create(
                "service.create",
                world.volt,
                world.service,
                vendor=world.vendor,
                kind="stock",
                title="Sockets",
                description="",
                category="power",
            ),
            advance("service.publish", world.volt, world.service, 1, "draft"),
        )
    )
    await owner.execute("update organization set standing_epoch = 1")
    await owner.execute("update person set authority_epoch = 1")
    await owner.execute("update marketplace set opened_at = clock_timestamp(), settings_epoch = 1")
    return world


async def counts(owner: asyncpg.Connection) -> dict[str, int]:
    """Rows of every table: what a refused change must leave as it was."""
    tables = await owner.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    return {t: await owner.fetchval(f'select count(*) from "{t}"') for (t,) in tables}
