"""Every machine, walked at random: only declared edges lead on, edits stay, ends are ends; bad machines do not load."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.command import Actor, Command, Ref, Request
from domain.decide import decision_of, refusal_of
from domain.facts import Context, Facts, Resource, Subject
from domain.machine import Action, Machine, MachineError, check_together
from domain.machines import ACTIONS, FIXED, MACHINE_OF, MACHINES
from domain.plan import advance, create
from domain.ports import Verdict
from domain.refusals import Conflict, Denied, IllegalTransition
from tests.counts import WALKS
from tests.domain.asking import ACME, NOW, PERSON, ROW

ASKED = sorted(set(ACTIONS) - FIXED)
DECISION = UUID(int=30)
MACHINE = st.sampled_from(sorted(MACHINES))


def at(noun: str, state: str, version: int) -> Resource[Any]:
    return Resource(noun, ROW, ACME, None, state, version)


@settings(max_examples=WALKS, deadline=None)
@given(noun=MACHINE, data=st.data())
def test_a_walk_stays_on_declared_edges(noun: str, data: st.DataObject) -> None:
    """Each step is an edge of its action, an edit keeps the state, and from an end nothing leads on."""
    machine = MACHINES[noun]
    action = data.draw(st.sampled_from([one for one in machine.actions if one.creates]))
    state, version = create(action.name, ACME, ROW, {}).target, 1
    for _ in range(data.draw(st.integers(0, 12))):
        ways = machine.actions_from(state)
        assert ways == tuple(one.name for one in machine.actions if any(s == state for s, _ in one.edges()))
        if not ways:
            assert not [edge for edge in machine.edges() if edge[0] == state]
            return
        action = ACTIONS[data.draw(st.sampled_from(ways))]
        target = data.draw(st.sampled_from([t for s, t in action.edges() if s == state]))
        moved = advance(at(noun, state, version), action.name, target=target)
        assert (moved.source, moved.target, moved.action) in machine.edges()
        assert (moved.version, moved.event) == (version, action.event)
        if action.edits:
            assert moved.target == state
        state, version = moved.target, version + 1
        assert state in machine.states


@settings(max_examples=WALKS, deadline=None)
@given(noun=MACHINE, data=st.data())
def test_no_other_step_can_be_made(noun: str, data: st.DataObject) -> None:
    """Any other pair of states, and any action of another noun, is an error before it is a row."""
    machine = MACHINES[noun]
    state, target = (data.draw(st.sampled_from([*machine.states, "nowhere"])) for _ in range(2))
    name = data.draw(st.sampled_from(sorted(ACTIONS)))
    if (state, target) in ACTIONS[name].edges():
        assert advance(at(noun, state, 1), name, target=target).target == target
    else:
        with pytest.raises(ValueError, match=f"{name} has no edge"):
            advance(at(noun, state, 1), name, target=target)


@settings(max_examples=WALKS, deadline=None)
@given(name=st.sampled_from(ASKED), data=st.data())
def test_the_answer_of_an_entitled_person_is_the_machines(name: str, data: st.DataObject) -> None:
    """With every check passed but the state, an edge is no refusal and anything else an illegal transition."""
    machine, action = MACHINE_OF[name], ACTIONS[name]
    if action.creates:
        return
    state = data.draw(st.sampled_from(machine.states))
    named = data.draw(st.sampled_from([None, 3, 4]))
    possible = state in action.sources
    refusal = told(name, state, named, failed=() if possible else ("state",))
    if named == 4:
        assert isinstance(refusal, Conflict)
        assert refusal.current_version == 3
    elif possible:
        assert refusal is None
    else:
        assert isinstance(refusal, IllegalTransition)
        assert (refusal.state, refusal.allowed) == (state.upper(), machine.actions_from(state))
    assert isinstance(told(name, state, named, failed=("role", "state")), Denied)


def told(name: str, state: str, named: int | None, failed: tuple[str, ...]) -> Any:
    """What is refused to a person whom the policy tells that these checks failed."""
    actor = Actor(ACME, PERSON)
    command = Command(name, actor, Request("r", "t"), Ref(MACHINE_OF[name].noun, ACME, ROW), expected_version=named)
    resource = at(MACHINE_OF[name].noun, state, 3)
    facts = Facts(Subject(ACME, "buyer", 1, ("buyer",), PERSON), Context(NOW, 1, {}, 1), resource)
    verdict = Verdict(not failed, True, None, (), failed, (), 1, "{}", b"", 1)
    return refusal_of(command, facts, decision_of(command, facts, None, verdict, DECISION), verdict)


def of(*actions: Action) -> Machine:
    return Machine("thing", "thing", "buyer", actions)


BORN = Action("thing.make", (), ("new",), "thing.made")
ENDED = Action("thing.end", ("new",), ("gone",), "thing.ended")
PLANTED: Mapping[str, tuple[Callable[[], Any], str]] = {
    "an unknown state": (
        lambda: of(BORN, Action("thing.odd", ("odd",), ("gone",), "e")),
        "unreachable states ['gone', 'odd']",
    ),
    "an island": (
        lambda: of(BORN, Action("a", ("x",), ("y",), "a"), Action("b", ("y",), ("x",), "b")),
        "unreachable states ['x', 'y']",
    ),
    "an edit of a state that is never reached": (lambda: of(BORN, Action("e", ("odd",), (), "e")), "unreachable"),
    "nothing that creates it": (lambda: of(ENDED), "no action creates it"),
    "an action twice": (lambda: of(BORN, ENDED, ENDED), "an action is declared twice"),
    "an edge twice": (lambda: of(BORN, replace(ENDED, sources=("new", "new"))), "an edge is declared twice"),
    "an action without an edge": (lambda: of(BORN, Action("a", (), (), "a")), "a: neither a source nor a target"),
    "apart from nothing known": (
        lambda: check_together((of(BORN, replace(ENDED, apart_from=("thing.start",))),)),
        "thing.end: apart_from names unknown thing.start",
    ),
    "apart from another noun's action": (
        lambda: check_together((MACHINES["order"], of(BORN, replace(ENDED, apart_from=("order.place",))))),
        "apart_from names unknown order.place",
    ),
    "apart from itself": (
        lambda: check_together((of(BORN, replace(ENDED, apart_from=("thing.end",))),)),
        "apart_from names unknown thing.end",
    ),
    "one action of two nouns": (
        lambda: check_together((of(BORN), Machine("other", "other", "buyer", (BORN,)))),
        "one action, declared twice: thing.make",
    ),
    "one event of two actions": (
        lambda: check_together((of(BORN, replace(ENDED, event="thing.made")),)),
        "one event, declared twice: thing.made",
    ),
    "one mutation for two actions": (
        lambda: check_together((of(replace(BORN, mutation="m"), replace(ENDED, mutation="m")),)),
        "one mutation, declared twice: m",
    ),
    "one noun twice": (lambda: check_together((of(BORN), of(ENDED, BORN))), "one noun, declared twice: thing"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_machine_that_contradicts_itself_does_not_load(name: str) -> None:
    """Each is told by name."""
    build, said = PLANTED[name]
    with pytest.raises(MachineError) as caught:
        build()
    assert said in str(caught.value)


def test_a_bad_machine_stops_the_import() -> None:
    """Not a request: whoever imports the domain learns of it."""
    planted = (
        "import dataclasses, domain.orders.machine as m\n"
        "first, second, *rest = m.ORDER.actions\n"
        "bad = dataclasses.replace(second, apart_from=('order.teleport',))\n"
        "m.ORDER = dataclasses.replace(m.ORDER, actions=(first, bad, *rest))\n"
        "import domain.machines\n"
    )
    done = subprocess.run([sys.executable, "-c", planted], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "MachineError: order.approve: apart_from names unknown order.teleport" in done.stderr
