"""Levels of an operation go out together, and nothing that was loaded outlives its principal or its snapshot."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import pytest
from aiodataloader import DataLoader
from strawberry.types import ExecutionResult

from adapters.opa.client import OpaClient
from domain.ports import PolicyEngine, PolicyFault, Question, Verdict
from resolvers.context import Context, open_context
from resolvers.nodes import nodes
from resolvers.permissions import PAIRS, POSTS
from schema.loaders import load
from schema.schema import SCHEMA
from tests.schema.demo import REQUEST, Demo, new_key
from tests.schema.story import AGENT, AUDITOR, BUYER, GLOBEX, SERVICE, place, version

ORDERS = (
    "{ orders(first: 5) { edges { node { id number buyer { name } lines { sku } permittedActions { action } } } } }"
)
# Levels that go on while the permitted actions of an upper one are asked for.
DEEP = """{ orders(first: 5) { edges { node { permittedActions { action } lines { variant { service { title vendor {
  name organization { name } } } } } } } } }"""
ACTIONS = [f"order.{verb}" for verb in ("approve", "reject", "cancel", "dispatch", "deliver", "complete")]


async def some(demo: Demo, login: str, number: int) -> list[str]:
    found = (await demo.data(login, "{ orders(first: 100) { edges { node { id } } } }"))["orders"]["edges"]
    return [edge["node"]["id"] for edge in found][:number]


async def test_one_level_is_one_batch(demo: Demo) -> None:
    """Whoever asks in the same turn is answered by the same statement; later, by the memory."""
    refs = [demo.ids.decode(id) for id in await some(demo, AUDITOR, 3)]
    async with demo.context(AUDITOR) as context:
        with demo.statements.watch() as watched:
            found = await asyncio.gather(*(load(context, nodes, ref) for ref in [*refs, *refs]))
            assert [entity.ref for entity in found] == [*refs, *refs]
            assert await load(context, nodes, refs[0]) is found[0]
        assert len(watched.reads) == 1
        assert {type(loader) for loader in context.memory.values()} == {DataLoader}


async def test_lists_of_other_arguments_are_other_batches(demo: Demo) -> None:
    """Aliases with equal arguments share a statement, others do not."""
    document = """{ a: vendors(first: 2) { edges { node { one: services(first: 2) { edges { node { title } } }
      same: services(first: 2) { edges { node { id } } }
      other: services(first: 3) { edges { node { title } } } } } } }"""
    with demo.statements.watch() as watched:
        found = (await demo.data(BUYER, document))["a"]["edges"]
    assert [len(edge["node"]["one"]["edges"]) for edge in found] == [2, 2]
    assert [len(edge["node"]["other"]["edges"]) for edge in found] == [3, 3]
    assert len(watched.reads) == 3


async def test_principals_do_not_share_what_they_loaded(demo: Demo) -> None:
    """Many operations of different people at once in one process: each is answered as if it were alone."""
    people = (BUYER, GLOBEX, AGENT, AUDITOR, SERVICE, "newvendor@northlift.example")
    alone = {login: (await demo.ask(login, ORDERS)) for login in people}
    patient = replace(demo.world, database_wait_s=60)
    together = await asyncio.gather(*(demo.ask(login, ORDERS, world=patient) for login in people * 3))
    for login, answer in zip(people * 3, together, strict=True):
        assert (answer.data, answer.errors) == (alone[login].data, alone[login].errors)
    assert alone[BUYER].data != alone[GLOBEX].data


async def test_after_a_change_the_payload_is_read_anew(demo: Demo) -> None:
    """Two mutations in one document: the second field's payload does not show what the first had loaded."""
    order = (await place(demo)).orders["Voltworks"]
    current = await version(demo, order)
    input = f'orderId: "{order}", expectedVersion: {current}, idempotencyKey: "{new_key()}"'
    document = f"""mutation {{
      before: orderApprove(input: {{{input}, dryRun: true}}) {{ order {{ state version }} refusal {{ code }} }}
      after: orderApprove(input: {{{input}}}) {{ order {{ state version }} refusal {{ code }} }} }}"""
    found = await demo.data(SERVICE, document)
    assert found["before"] == {"order": {"state": "PLACED", "version": current}, "refusal": None}
    assert found["after"] == {"order": {"state": "APPROVED", "version": current + 1}, "refusal": None}


async def test_a_snapshot_is_one(demo: Demo) -> None:
    """All fields of a query tell of the same moment, whatever is committed meanwhile."""
    before = set(await some(demo, AUDITOR, 100))
    async with demo.context(AUDITOR) as context:
        first = await executed(context, "{ orders(first: 100) { edges { node { id } } } }")
        await place(demo)
        context.memory.clear()
        second = await executed(context, "{ orders(first: 100) { totalCount edges { node { id } } } }")
    assert {edge["node"]["id"] for edge in first["orders"]["edges"]} == before
    assert second["orders"]["edges"] == first["orders"]["edges"]


async def executed(context: Context, document: str) -> dict[str, Any]:
    result = await SCHEMA.execute(document, context_value=context)
    assert isinstance(result, ExecutionResult)
    assert result.errors is None
    assert result.data is not None
    return result.data


@dataclass
class Waiting:
    """The real engine, asked only once the pool has all its connections back."""

    policy: PolicyEngine
    pool: asyncpg.Pool

    async def decide(self, question: Question) -> Verdict | PolicyFault:
        return await self.policy.decide(question)

    async def batch(self, questions: Sequence[Question]) -> Sequence[Verdict | PolicyFault]:
        whole = self.pool.get_size()
        async with asyncio.timeout(30):  # longer than the server lets a transaction be idle, which would end it
            while self.pool.get_idle_size() < whole:  # noqa: ASYNC110 -- a pool has no event
                await asyncio.sleep(0.005)
        return await self.policy.batch(questions)


async def test_no_connection_is_held_while_the_engine_is_asked(demo: Demo) -> None:
    """Not even by lower levels of the same screen, which go on reading meanwhile."""
    alone = await demo.ask(SERVICE, DEEP)
    assert alone.errors == {}
    waiting = replace(demo.ports, policy=Waiting(demo.ports.policy, demo.pool))
    answer = await demo.ask(SERVICE, DEEP, world=replace(demo.world, ports=waiting))
    assert (answer.data, answer.errors) == (alone.data, {})


async def test_a_silent_engine_hides_permitted_actions_only(demo: Demo, tmp_path: Any) -> None:
    """They are null with an error that may be tried again; the rest of the screen stays."""
    async with OpaClient(tmp_path / "nobody.sock") as nobody:
        world = replace(demo.world, ports=replace(demo.ports, policy=nobody))
        answer = await demo.ask(SERVICE, ORDERS, world=world)
    edges = answer.data["orders"]["edges"]
    assert [edge["node"]["permittedActions"] for edge in edges] == [None] * len(edges)
    assert all(edge["node"]["lines"] for edge in edges)
    assert answer.errors == {f"orders.edges.{n}.node.permittedActions": "UNAVAILABLE" for n in range(len(edges))}


@pytest.mark.parametrize(("copies", "silent"), [(133, 0), (140, 7)])
async def test_permitted_actions_have_a_bound(demo: Demo, copies: int, silent: int) -> None:
    """Beyond 800 pairs of object and action the rest is null with an error, and none is left out."""
    (id,) = await some(demo, SERVICE, 1)
    orders = itertools.islice(itertools.permutations(ACTIONS), copies)  # equal wishes are asked once
    each = (f"a{n}: permittedActions(actions: {json.dumps(actions)}) {{ action }}" for n, actions in enumerate(orders))
    many = " ".join(each)
    asked = demo.runtime.policy.asked
    answer = await demo.ask(SERVICE, f'{{ order(by: {{id: "{id}"}}) {{ {many} }} }}')
    answered = [found for found in answer.data["order"].values() if found is not None]
    assert demo.runtime.policy.asked - asked <= PAIRS * POSTS
    assert (len(answered), len(answer.errors)) == (copies - silent, silent)
    assert set(answer.errors.values()) <= {"COST_TOO_HIGH"}


async def test_switching_is_seen_by_the_rest_of_the_document(demo: Demo) -> None:
    """After `sessionSwitch` the payload's viewer acts for the other organization, with the roles held there."""
    login = "double@platform.example"
    acme = demo.organization("Acme")
    platform = demo.organization("Platform")
    document = """mutation($to: ID!) { sessionSwitch(input: {organizationId: $to}) { refusal { code }
      viewer { actingFor { name } roles } } }"""
    async with demo.context(login) as context:
        known = context.viewer
        assert known is not None

        async def identify() -> Any:
            demo.known.pop(login)
            return await demo.identity(login)

    async with open_context(demo.world, known, REQUEST, identify) as context:
        for to, name, role in ((acme, "Acme", "BUYER"), (platform, "Platform", "SERVICE_MANAGER")):
            result = await SCHEMA.execute(document, {"to": to}, context_value=context)
            assert isinstance(result, ExecutionResult)
            assert result.errors is None, result.errors
            viewer = (result.data or {})["sessionSwitch"]["viewer"]
            assert viewer == {"actingFor": {"name": name}, "roles": [role]}
