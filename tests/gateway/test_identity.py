"""Who a token stands for: its session, its person, whom it acts for and by which roles, as the database has it now."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from uuid import UUID

import pytest

from adapters.tokens import DevelopmentIssuer
from db.ids import new_id
from domain.effects import Effect, Put
from tests.db.world import advance, create
from tests.gateway.conftest import AUDIENCE, ISSUER, Ground
from tests.gateway.ground import Client, Running

WHO = "{me acting roles}"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A new account of a new or a known person."""

    person: UUID
    login: str
    token: str


@pytest.fixture
def invite(ground: Ground) -> Invite:
    return Invite(ground)


class Invite:
    """Makes accounts and grants the way the gateway would."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.world = ground.world

    async def __call__(self, organization: UUID, *grants: tuple[UUID, str], person: UUID | None = None) -> Somebody:
        login = f"{new_id()}@example"
        who = person or new_id()
        platform = self.world.platform
        if person is not None:
            added = "insert into account (organization, id, person, issuer, subject) values ($1, $2, $3, $4, $5)"
            await self.execute(added, organization, new_id(), person, ISSUER, login)
            return Somebody(who, login, self.token(login))
        row = {"person": who, "issuer": ISSUER, "subject": login}
        signed = {"granted_by": self.world.manager.id}
        effects: list[Effect] = [
            create("person.invite", platform, who, organization),
            Put("account", organization, new_id(), row),
            *(create("grant.issue", platform, new_id(), at, person=who, role=role, **signed) for at, role in grants),
        ]
        await self.world.done(self.world.change("person.invite", self.world.manager.actor, *effects))
        return Somebody(who, login, self.token(login))

    def token(self, login: str) -> str:
        return DevelopmentIssuer(self.ground.keys, ISSUER, AUDIENCE).issue(login)[0]

    async def execute(self, sql: str, *values: object) -> list[UUID]:
        """As the owner."""
        async with self.ground.database.connect() as owner:
            return [row[0] for row in await owner.fetch(sql, *values)]

    async def sessions(self, person: UUID) -> list[UUID]:
        return await self.execute("select id from session where person = $1", person)


def shown(person: UUID, acting: UUID | None, *roles: str) -> dict[str, object]:
    return {"data": {"me": str(person), "acting": str(acting) if acting else None, "roles": list(roles)}}


async def test_the_first_use_of_a_token_starts_its_session(invite: Invite, client: Client, running: Running) -> None:
    """By one fixed decision with its journal row; later uses start nothing."""
    acme = invite.world.acme
    somebody = await invite(acme, (acme, "buyer"))
    first = await client.ask(WHO, token=somebody.token)
    assert first.body == shown(somebody.person, acme, "buyer")
    again = await client.ask(WHO, token=somebody.token)
    assert again.body == first.body
    (session,) = await invite.sessions(somebody.person)
    found = await invite.execute(
        "select d.decider from journal j join decision d on d.id = j.decision where j.aggregate = $1", session
    )
    assert found == ["fixed"]
    assert len(running.line_of(first.headers["x-request-id"])["decision_ids"]) == 1
    line = running.line_of(again.headers["x-request-id"])
    assert line["decision_ids"] == []
    assert (line["session"], line["person"], line["acting_for"]) == (str(session), str(somebody.person), str(acme))
    assert again.headers["x-policy-revision"] == "1"


async def test_parallel_first_uses_start_one_session(invite: Invite, client: Client) -> None:
    """Sixteen requests at once are all answered, in one session."""
    acme = invite.world.acme
    somebody = await invite(acme, (acme, "buyer"))
    answers = await asyncio.gather(*(client.ask(WHO, token=somebody.token) for _ in range(16)))
    assert [answer.body for answer in answers] == [shown(somebody.person, acme, "buyer")] * 16
    assert len(await invite.sessions(somebody.person)) == 1


async def test_each_token_is_a_session_of_its_own(invite: Invite, client: Client) -> None:
    """Ending one leaves the other alone."""
    somebody = await invite(invite.world.acme)
    second = invite.token(somebody.login)
    for token in (somebody.token, second):
        assert (await client.ask(WHO, token=token)).status == 200
    first, _ = await invite.execute("select id from session where person = $1 order by started_at", somebody.person)
    await invite.execute("update session set state = 'revoked' where id = $1", first)
    refused = await client.ask(WHO, token=somebody.token)
    assert (refused.status, refused.code, refused.reason) == (401, "UNAUTHENTICATED", "session.revoked")
    assert (await client.ask(WHO, token=second)).status == 200


async def test_a_session_acts_where_its_account_was_invited_to(invite: Invite, client: Client) -> None:
    """While the person holds a live grant there, however many others there are."""
    world = invite.world
    somebody = await invite(world.volt, (world.acme, "buyer"), (world.volt, "vendor_manager"))
    assert (await client.ask(WHO, token=somebody.token)).body == shown(somebody.person, world.volt, "vendor_manager")


async def test_else_it_acts_for_the_only_membership(invite: Invite, client: Client) -> None:
    """Where the invitation came without a grant."""
    world = invite.world
    somebody = await invite(world.volt, (world.acme, "buyer"), (world.acme, "buyer_approver"))
    answer = await client.ask(WHO, token=somebody.token)
    assert answer.body == shown(somebody.person, world.acme, "buyer", "buyer_approver")


async def test_else_it_must_choose(invite: Invite, client: Client) -> None:
    """With no membership, or with several elsewhere, it acts for nobody."""
    world = invite.world
    nobody = await invite(world.acme)
    assert (await client.ask(WHO, token=nobody.token)).body == shown(nobody.person, None)
    several = await invite(world.platform, (world.acme, "buyer"), (world.volt, "vendor_manager"))
    assert (await client.ask(WHO, token=several.token)).body == shown(several.person, None)


async def test_a_switch_outlasts_everything_else(invite: Invite, client: Client) -> None:
    """The session acts for its last switch, by the roles held there now."""
    world = invite.world
    somebody = await invite(world.volt, (world.acme, "buyer"), (world.volt, "vendor_manager"))
    await client.ask(WHO, token=somebody.token)
    (session,) = await invite.sessions(somebody.person)
    await switch(invite, session, world.acme)
    assert (await client.ask(WHO, token=somebody.token)).body == shown(somebody.person, world.acme, "buyer")
    await revoke_grants(invite, somebody.person, world.acme)
    assert (await client.ask(WHO, token=somebody.token)).body == shown(somebody.person, world.acme)


async def switch(invite: Invite, session: UUID, organization: UUID) -> None:
    """What `sessionSwitch` writes."""
    world = invite.world
    row = {"acting_for": organization}
    effect = advance("session.switch", world.platform, session, 1, "live", "live", set=row)
    await world.done(world.change("session.switch", world.manager.actor, effect))


async def revoke_grants(invite: Invite, person: UUID, organization: UUID) -> None:
    ids = await invite.execute('select id from "grant" where person = $1 and counterparty = $2', person, organization)
    for id in ids:
        await invite.execute("""update "grant" set state = 'revoked' where id = $1""", id)


async def test_a_revoked_grant_counts_no_more(invite: Invite, client: Client) -> None:
    """From the next request on."""
    acme = invite.world.acme
    somebody = await invite(acme, (acme, "buyer"))
    assert (await client.ask(WHO, token=somebody.token)).body == shown(somebody.person, acme, "buyer")
    await revoke_grants(invite, somebody.person, acme)
    assert (await client.ask(WHO, token=somebody.token)).body == shown(somebody.person, None)


async def test_two_accounts_of_one_person_are_one_person(invite: Invite, client: Client) -> None:
    """Each acts for its own organization."""
    world = invite.world
    first = await invite(world.acme, (world.acme, "buyer"), (world.platform, "service_manager"))
    second = await invite(world.platform, person=first.person)
    assert (await client.ask(WHO, token=first.token)).body == shown(first.person, world.acme, "buyer")
    answer = await client.ask(WHO, token=second.token)
    assert answer.body == shown(first.person, world.platform, "service_manager")


async def test_a_session_in_use_is_noted_once_a_minute(invite: Invite, client: Client) -> None:
    """Not at every request."""
    acme = invite.world.acme
    somebody = await invite(acme, (acme, "buyer"))
    await client.ask(WHO, token=somebody.token)
    seen = "select last_seen_at from session where person = $1"
    (started,) = await invite.execute(seen, somebody.person)
    await client.ask(WHO, token=somebody.token)
    assert await invite.execute(seen, somebody.person) == [started]
    await invite.execute(
        "update session set last_seen_at = last_seen_at - interval '2 minutes' where person = $1", somebody.person
    )
    await client.ask(WHO, token=somebody.token)
    (noted,) = await invite.execute(seen, somebody.person)
    assert noted > started


async def test_development_logins_get_tokens(invite: Invite, client: Client) -> None:
    """`/dev/token` answers a token that works, and knows nobody else."""
    acme = invite.world.acme
    somebody = await invite(acme, (acme, "buyer"))
    head = {"Content-Type": "application/json"}
    answer = await client.send("POST", "/dev/token", json.dumps({"login": somebody.login}).encode(), head)
    assert answer.status == 200
    assert answer.body["expiresAt"].endswith("Z")
    who = await client.ask(WHO, token=answer.body["token"])
    assert who.body == shown(somebody.person, acme, "buyer")
    for body, status in ((b'{"login":"nobody"}', 404), (b"{}", 400), (b"[]", 400), (b"{", 400)):
        assert (await client.send("POST", "/dev/token", body, head)).status == status
    assert (await client.send("POST", "/dev/token", b'{"login":"x"}')).status == 415
    assert (await client.send("GET", "/dev/token")).status == 405
