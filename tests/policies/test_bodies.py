"""What a rule may hold, where it stands and what it is called: each broken rule of the checks is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.opa import tree
from adapters.opa.gates import bodies
from adapters.opa.gates.report import Tree
from tests.policies.conftest import Planting

HOLDS = """package policies.shared.limits

import future.keywords.not

negated(req) if not req.subject.person == "me"

negated_again(req) if {
	not req.subject.person
}

counted(req) if count(req.subject.roles) == 0

counted(req) if count(req.subject.roles) <= 0

named(req) if {
	number := count([r | some r in req.subject.roles; r == "elf"])
	number < 1
}

compared(req) if {r | some r in req.subject.roles; r == "elf"} == set()

defaulted(req) if object.get(req, "admin", true)

outside if input.subject.person == "me"

replaced(req) if counted(req) with data.machines as {}

broken(req) if req.context.now > 1.5

# METADATA
# title: It has no default
# custom: {check: judged, code: a.b, message: It is no., remedy: null, controls: []}
judged(req) if req.context.now > 1

used if {
	negated({})
	negated_again({})
	counted({})
	named({})
	compared({})
	defaulted({})
	outside
	replaced({})
	broken({})
	judged({})
}
"""
NEGATES = """package policies.shared.negates

negated(req) if not req.subject.person == "me"

used if negated({})
"""
NAMED = """package policies.shared.named

div(a, b) := a + b

Camel(a) := a

get_it(a) := a

used := [div(1, 2), Camel(3), get_it(4)]

dead := 1
"""


@pytest.fixture(scope="session")
def parsed(opa: Path) -> list[dict[str, Any]]:
    """The committed modules, read once."""
    return bodies.modules(Tree(opa, tree.POLICIES))


class Judge:
    """What the gate says of the committed modules and those that were planted, without the files' names."""

    def __init__(self, planting: Planting, parsed: list[dict[str, Any]]) -> None:
        self._planting, self._parsed = planting, parsed

    def __call__(self, *names: str) -> list[str]:
        files = [f"policies/{name}" for name in names]
        kept = [module for module in self._parsed if module["file"] not in files]
        new = [bodies.module(self._planting.tree, file) for file in files]
        report = bodies.judge(self._planting.tree, kept + new)
        assert report.cases > 40
        return sorted(failure.split(": ", 1)[1] for failure in report.failures)


@pytest.fixture
def found(planting: Planting, parsed: list[dict[str, Any]]) -> Judge:
    return Judge(planting, parsed)


def test_the_committed_rules_are_well_made(found: Judge) -> None:
    """Nothing is planted, nothing is found."""
    assert found() == []


def test_what_a_body_must_not_hold(planting: Planting, found: Judge) -> None:
    """Each of them can turn what is missing into an allow."""
    planting.add("shared/limits/limits.rego", HOLDS)
    assert found("shared/limits/limits.rego") == [
        "`input` outside main: take the question as an argument",
        "`with` outside a test",
        "a list made up and counted: say what every item must be",
        "a list made up and then compared with nothing: what is missing makes an empty one",
        "a negation: say what must hold instead",
        "a number that is not whole: 1.5",
        "future keywords change what a negation means",
        "judged judges, but does not default to false",
        "nobody uses used",
        "object.get: its default stands in for what is missing",
        "something counted to zero: what is missing counts to zero as well",
    ]


def test_a_negation_is_found_however_it_is_read(planting: Planting, found: Judge) -> None:
    """The future keyword makes another node of the tree of it."""
    planting.add("shared/negates/negates.rego", NEGATES)
    assert found("shared/negates/negates.rego") == ["a negation: say what must hold instead", "nobody uses used"]


def test_what_a_rule_must_not_be_called(planting: Planting, found: Judge) -> None:
    """A built-in's name breaks the operator in the whole package; a dead rule decides nothing."""
    planting.add("shared/named/named.rego", NAMED)
    assert found("shared/named/named.rego") == [
        "Camel: names are snake_case and do not begin with get_ or list_",
        "div has the name of a built-in",
        "get_it: names are snake_case and do not begin with get_ or list_",
        "nobody uses dead",
        "nobody uses used",
    ]


def test_where_a_module_must_stand(planting: Planting, found: Judge) -> None:
    """The folder is the package, and no revision brings its own authorization of the engine."""
    planting.add("shared/elsewhere/elsewhere.rego", "package policies.orders\n")
    planting.add("shared/authz/authz.rego", "package system.authz\n")
    planting.add("shared/tenancy/more_test.rego", "package policies.shared.tenancy_test\n")
    assert found("shared/elsewhere/elsewhere.rego", "shared/authz/authz.rego", "shared/tenancy/more_test.rego") == [
        "only the release may decide what the engine lets through",
        "package policies.orders does not say where the file is",
        "package policies.shared.tenancy_test does not say where the file is",
        "package system.authz does not say where the file is",
    ]


def test_an_unknown_object_must_be_a_no(planting: Planting, found: Judge) -> None:
    """Without its default `verdict` would be undefined for it, and the item would vanish from a batch."""
    planting.change("main.rego", "default verdict(_) := {", "verdict(req) := {")
    assert found("main.rego") == ["main.verdict is not total: an object of an unknown kind must be a no"]
