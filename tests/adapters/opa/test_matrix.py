"""Every role x mutation x state cell through our client and a real engine, against the committed decision matrix."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from adapters.breaker import BreakerLimits
from adapters.opa import tree
from adapters.opa.client import OpaClient
from adapters.opa.gates import decision_matrix
from adapters.opa.gates.cases import Case
from adapters.opa.gates.engine import Engine
from adapters.opa.gates.report import Tree
from adapters.opa.row import PolicyRow
from domain.machines import ACTIONS, FIXED, MACHINES, MUTATIONS
from domain.ports import PolicyFault, Question, Verdict

# These tests are not about deadlines.
PATIENT = PolicyRow(deadline=60, batch_deadline=60, connections=4, breaker=BreakerLimits(failures=20, open_seconds=0.5))


def questions(cases: list[Case]) -> list[Question]:
    return [Question(UUID(case.input["context"]["decision_id"]), case.input, frozenset({1})) for case in cases]


@pytest.fixture(scope="module")
async def told(engine: Engine) -> list[tuple[Case, Verdict]]:
    """What the client heard about every cell."""
    cases = decision_matrix.cases()
    async with OpaClient(engine.socket, PATIENT) as client:
        answers = await client.batch(questions(cases))
        assert client.asked == len(cases)
    faults = [answer for answer in answers if isinstance(answer, PolicyFault)]
    assert not faults, faults[:3]
    return [(case, answer) for case, answer in zip(cases, answers, strict=True) if isinstance(answer, Verdict)]


def as_answered(verdict: Verdict) -> dict[str, Any]:
    return {"allow": verdict.allow, "visible": verdict.visible, "failed": list(verdict.failed)}


async def test_every_cell_is_as_committed(told: list[tuple[Case, Verdict]], engine: Engine, opa: Any) -> None:
    """The file in git is what the marketplace's own client hears, line by line."""
    report = decision_matrix.compare(
        Tree(opa, tree.POLICIES), [case for case, _ in told], [as_answered(verdict) for _, verdict in told]
    )
    assert report.failures == ()
    assert report.cases == len(told) > 4_000


async def test_every_role_meets_every_mutation_in_every_state(told: list[tuple[Case, Verdict]]) -> None:
    """No role, no mutation and no state of its noun is left out; `fixed` actions are the only ones not asked."""
    roles = {*tree.cells("roles"), "(no role)", "system"}
    seen = {(case.role, case.action, case.state) for case, _ in told}
    for name, action in ACTIONS.items():
        if name in FIXED:
            assert not {case for case, _ in told if case.action == name}
            continue
        machine = next(machine for machine in MACHINES.values() if action in machine.actions)
        states = (None,) if action.creates else machine.states
        assert {(role, name, state) for role in roles for state in states} <= seen, name
    assert not set(MUTATIONS.values()) & {ACTIONS[name] for name in FIXED}


async def test_an_answer_is_whole(told: list[tuple[Case, Verdict]]) -> None:
    """An allow names the role relied on, and it is held; a no has a reason with a sentence for each failed check."""
    for case, verdict in told:
        assert verdict.allow == (not verdict.failed)
        assert len(verdict.reasons) == len(verdict.failed)
        assert all(reason.message.endswith(".") for reason in verdict.reasons)
        if verdict.allow and case.role != "(no role)":
            assert verdict.role == case.role
        if not verdict.allow:
            assert verdict.role is None


async def test_nothing_hidden_is_allowed(told: list[tuple[Case, Verdict]]) -> None:
    """Whoever may not know of a thing may not change it; the cells of reading and of acting agree."""
    hidden = [
        (case.action, case.role, case.relation) for case, verdict in told if verdict.allow and not verdict.visible
    ]
    assert hidden == []


async def test_deciding_and_batching_agree(told: list[tuple[Case, Verdict]], engine: Engine) -> None:
    """What-may-I-do asks by batch, a mutation alone: every 20th cell is asked both ways."""
    sample = told[::20]
    async with OpaClient(engine.socket, PATIENT) as client:
        for (case, by_batch), question in zip(sample, questions([case for case, _ in sample]), strict=True):
            alone = await client.decide(question)
            assert isinstance(alone, Verdict), alone
            assert as_answered(alone) == as_answered(by_batch), case
            assert alone.sha256 == by_batch.sha256
