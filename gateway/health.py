"""Whether this process lives and may get traffic: the database, the active revision, and two canary decisions."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response

from db.active_revision import active_revision
from domain.command import Actor, Command, Ref
from domain.command import Request as Ids
from domain.facts import Context, Facts, Resource, Subject
from domain.money import Money
from domain.plan import plain_edge
from domain.ports import PolicyEngine, PolicyFault, Ports, Verdict
from domain.question import question

_FRESH_S = 1.0
_PATIENCE_S = 3.0
_NAMES = UUID("5f0c1b3e-0d5f-4bd4-9a0e-3f8f6f0f7c11")


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is not ready, by name; empty when all is. `revision` is the active one."""

    missing: dict[str, str]
    revision: int


class Health:
    def __init__(self, pool: asyncpg.Pool, ports: Ports) -> None:
        self._pool = pool
        self._ports = ports
        self._lock = asyncio.Lock()
        self._known: Readiness | None = None
        self._known_at = 0.0

    async def live(self, _: Request) -> Response:
        return Response(b'{"live":true}', media_type="application/json")

    async def ready(self, _: Request) -> Response:
        found = await self.readiness()
        body = {"ready": not found.missing, "revision": found.revision or None, "missing": found.missing}
        return Response(orjson.dumps(body), 503 if found.missing else 200, media_type="application/json")

    async def readiness(self) -> Readiness:
        """At most one look a second, however often it is asked for."""
        async with self._lock:
            if self._known is None or time.monotonic() - self._known_at > _FRESH_S:
                self._known = await self._look()
                self._known_at = time.monotonic()
            return self._known

    async def _look(self) -> Readiness:
        missing: dict[str, str] = {}
        revision = 0
        try:
            async with asyncio.timeout(_PATIENCE_S):
                revision = await active_revision(self._pool)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            missing["database"] = f"It does not answer ({type(error).__name__})."
        else:
            if not revision:
                missing["revision"] = "No policy revision is active."
        missing.update(await self._policy(revision))
        return Readiness(missing, revision)

    async def _policy(self, revision: int) -> dict[str, str]:
        """The engine must say a known yes and a known no, by the active revision: its own health needs no policy."""
        policy, new_id = self._ports.policy, self._ports.new_id
        for role, allowed in (("service_manager", True), ("buyer", False)):
            answer = await _ask(policy, role, revision, new_id())
            if isinstance(answer, PolicyFault):
                return {"policy": f"No usable answer ({answer.code})."}
            if answer.allow is not allowed:
                return {"policy": f"The canary of {role} was {'refused' if allowed else 'allowed'}."}
        return {}


async def _ask(policy: PolicyEngine, role: str, revision: int, decision_id: UUID) -> Verdict | PolicyFault:
    command, facts = canary(role, revision)
    return await policy.decide(question(command, facts, plain_edge(facts, command, lambda: decision_id), decision_id))


def canary(role: str, revision: int) -> tuple[Command, Facts[None]]:
    """An order that nobody placed, to be approved by somebody of the platform who holds `role`."""
    platform, person, order = (uuid5(_NAMES, name) for name in ("platform", "person", "order"))
    home, vendor, buyer = (uuid5(_NAMES, name) for name in ("home", "vendor", "buyer"))
    target = Ref("order", home, order)
    command = Command(
        action="order.approve",
        actor=Actor(platform, person=person),
        request=Ids(request_id="canary", trace_id="0" * 32, channel="api"),
        target=target,
    )
    facts: Facts[None] = Facts(
        subject=Subject(
            organization=platform,
            organization_kind="platform",
            standing_epoch=1,
            roles=(role,),
            person=person,
            account=person,
            session=person,
            authority_epoch=1,
            session_version=1,
        ),
        context=Context(now=datetime.now(UTC), revision=revision, settings={}, settings_epoch=1),
        resource=Resource(
            noun="order",
            id=order,
            home=home,
            counterparty=vendor,
            state="placed",
            version=1,
            money=Money(12_500, "EUR"),
            actors={"order.place": (buyer,)},
            parents={"owner": buyer},
        ),
    )
    return command, facts
