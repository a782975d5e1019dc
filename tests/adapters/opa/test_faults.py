"""What the client makes of an engine that fails: each way its own code, and never an allow."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from adapters.breaker import BreakerLimits
from adapters.opa.asked import ContractError
from adapters.opa.client import OpaClient
from adapters.opa.gates.engine import Engine, serving
from adapters.opa.gates.samples import samples
from adapters.opa.row import ROW, PolicyRow
from domain.ports import PolicyFault, Question, Verdict
from tests.policy_faults import SILENT, UNCLEAN, Between, between, said

LIMITS = BreakerLimits(failures=1_000, open_seconds=0.5)
PATIENT = PolicyRow(deadline=60, batch_deadline=60, connections=4, breaker=LIMITS)
HASTY = PolicyRow(deadline=0.2, batch_deadline=0.2, connections=4, breaker=LIMITS)


def question(sample: str = "order.approve", revision: int = 1) -> Question:
    """One that the policy allows."""
    given = samples()[sample]
    return Question(UUID(given["context"]["decision_id"]), given, frozenset({revision}))


@pytest.fixture(scope="module")
def middle(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Between]:
    with between(tmp_path_factory.mktemp("between") / "opa.sock", engine.socket) as found:
        yield found


@pytest.fixture
async def client(middle: Between) -> AsyncIterator[OpaClient]:
    middle.fault, middle.only = None, None
    async with OpaClient(middle.socket, PATIENT) as found:
        yield found


async def told(client: OpaClient) -> list[str]:
    """The codes of one question, and of two in a batch."""
    answers = [await client.decide(question()), *await client.batch([question(), question()])]
    assert not [answer for answer in answers if isinstance(answer, Verdict)]
    return [answer.code for answer in answers if isinstance(answer, PolicyFault)]


async def test_a_clean_answer_is_an_allow(client: OpaClient) -> None:
    """Nothing is spoilt: what stands between changes nothing by itself."""
    alone = await client.decide(question())
    assert isinstance(alone, Verdict)
    assert (alone.allow, alone.role, alone.revision) == (True, "service_manager", 1)
    assert [isinstance(one, Verdict) and one.allow for one in await client.batch([question(), question()])] == [
        True
    ] * 2


@pytest.mark.parametrize("fault", UNCLEAN)
async def test_an_answer_that_is_no_clean_allow_is_a_no(client: OpaClient, middle: Between, fault: str) -> None:
    """With the code of its kind, alone and for each item of a batch; the next clean answer counts again."""
    middle.fault = fault
    assert await told(client) == [f"policy.{UNCLEAN[fault][0]}"] * 3
    answer = await client.decide(question())
    assert isinstance(answer, PolicyFault)
    assert not answer.silent
    middle.fault = None
    assert isinstance(await client.decide(question()), Verdict)


@pytest.mark.parametrize("fault", SILENT)
async def test_silence_is_an_outage(middle: Between, fault: str) -> None:
    """And not a no; it is over with the fault."""
    row = HASTY if SILENT[fault] == "timeout" else PATIENT
    middle.fault, middle.only = fault, None
    async with OpaClient(middle.socket, row) as client:
        assert await told(client) == [f"policy.{SILENT[fault]}"] * 3
        answer = await client.decide(question())
        assert isinstance(answer, PolicyFault)
        assert answer.silent
    middle.fault = None
    async with OpaClient(middle.socket, PATIENT) as client:
        assert isinstance(await client.decide(question()), Verdict)


async def test_nobody_there(tmp_path: Path) -> None:
    """Without a socket, and with one that a killed engine left behind."""
    async with OpaClient(tmp_path / "none.sock", PATIENT) as client:
        assert await told(client) == ["policy.unreachable"] * 3


async def test_after_many_silences_the_engine_is_left_alone(middle: Between) -> None:
    """The breaker answers for it, without a question being sent; its first probe afterwards closes it."""
    now = [0.0]
    row = PolicyRow(60, 60, 4, BreakerLimits(failures=2, open_seconds=1))
    async with OpaClient(middle.socket, row, lambda: now[0]) as client:
        middle.fault = "reset"
        assert await told(client) == ["policy.unreachable"] * 3
        seen = len(middle.seen)
        answer = await client.decide(question())
        assert isinstance(answer, PolicyFault)
        assert (answer.code, answer.silent) == ("policy.breaker", True)
        assert len(middle.seen) == seen
        middle.fault, now[0] = None, 1.5
        assert isinstance(await client.decide(question()), Verdict)
        assert client.state == "closed"


async def test_an_item_that_is_missing_from_a_batch_is_a_no(client: OpaClient, middle: Between) -> None:
    """What the engine leaves out, or answers for another question, is no allow; the others stand."""

    def spoilt(body: dict[str, Any]) -> bytes:
        first, second, third = body["result"].values()
        return said(
            json.dumps({**body, "result": {"0": first, "2": {**third, "decision_id": "x"}, "3": second}}).encode()
        )

    middle.fault = spoilt
    answers = await client.batch([question(), question(), question()])
    assert isinstance(answers[0], Verdict)
    assert [a.code for a in answers[1:] if isinstance(a, PolicyFault)] == ["policy.undefined", "policy.wrong_decision"]


async def test_two_hundred_at_a_time(client: OpaClient, middle: Between) -> None:
    """A longer batch is asked in parts, and answered in its own order."""
    middle.seen.clear()
    names = ["order.approve", "order.cancel/buyer", "order.deliver"] * 67
    answers = await client.batch([question(name) for name in names])
    roles = [answer.role for answer in answers if isinstance(answer, Verdict)]
    assert roles == ["service_manager", "buyer", "fulfillment_agent"] * 67
    assert len(middle.seen) == 2


async def test_what_is_hashed_is_what_is_sent(client: OpaClient, middle: Between) -> None:
    """Byte for byte, read off the socket: what is kept is what was asked."""
    middle.seen.clear()
    answer = await client.decide(question("checkout.complete"))
    assert isinstance(answer, Verdict)
    (body,) = middle.seen
    assert body == b'{"input":' + answer.canonical.encode() + b"}"
    assert hashlib.sha256(answer.canonical.encode()).digest() == answer.sha256
    assert json.loads(answer.canonical) == samples()["checkout.complete"]


async def test_a_question_of_another_form_is_not_asked(client: OpaClient, middle: Between) -> None:
    """A fault of ours is an error, never an answer."""
    middle.seen.clear()
    odd = {**samples()["order.approve"], "admin": True}
    with pytest.raises(ContractError, match=r"order\.approve: admin"):
        await client.decide(Question(question().decision_id, odd, frozenset({1})))
    assert middle.seen == []


async def test_another_active_revision_is_not_accepted(client: OpaClient) -> None:
    """The engine answers by 1, the database says 2."""
    answer = await client.decide(question(revision=2))
    assert isinstance(answer, PolicyFault)
    assert answer.code == "policy.wrong_revision"


async def test_a_real_engine_of_another_revision(opa: Path) -> None:
    """And one that was never given the rules."""
    with serving(opa, revision=7, authz=True) as other:
        async with OpaClient(other.socket, PATIENT) as client:
            assert await told(client) == ["policy.wrong_revision"] * 3
        other.stop()
        other.command = tuple(word for word in other.command if not word.endswith("/rules"))
        other.start()
        async with OpaClient(other.socket, PATIENT) as client:
            assert await told(client) == ["policy.not_loaded"] * 3


def pid(engine: Engine) -> int:
    assert engine.process is not None
    return engine.process.pid


def killed(engine: Engine) -> None:
    """kill -9, and it is gone."""
    os.kill(pid(engine), signal.SIGKILL)
    assert engine.process is not None
    assert engine.process.wait(30) == -signal.SIGKILL


def stopped(engine: Engine) -> None:
    """Paused, all of its threads: the signal alone may come after one more answer."""
    os.kill(pid(engine), signal.SIGSTOP)
    _, status = os.waitpid(pid(engine), os.WUNTRACED)
    assert os.WIFSTOPPED(status)


async def test_a_real_engine_killed_and_paused(opa: Path) -> None:
    """kill -9: unreachable at once, and back with the next one on the same socket; paused: late, and back at once."""
    with serving(opa, authz=True) as engine:
        async with OpaClient(engine.socket, PATIENT) as client, OpaClient(engine.socket, HASTY) as hasty:
            assert isinstance(await client.decide(question()), Verdict)
            stopped(engine)
            late = await hasty.decide(question())
            assert isinstance(late, PolicyFault)
            assert late.code == "policy.timeout"
            os.kill(pid(engine), signal.SIGCONT)
            assert isinstance(await client.decide(question()), Verdict)
            killed(engine)
            assert await told(client) == ["policy.unreachable"] * 3
            assert engine.socket.exists()
            engine.start()
            assert isinstance(await client.decide(question()), Verdict)


def test_production_waits_a_quarter_of_a_second() -> None:
    """As the design promises; a setting may say otherwise."""
    assert (ROW.deadline, ROW.batch_deadline) == (0.25, 0.5)
