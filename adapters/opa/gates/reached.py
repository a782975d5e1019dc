"""Every action can be reached by somebody, and every reason that can be told is told in some case."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.opa import tree
from adapters.opa.gates.ablation import without
from adapters.opa.gates.cases import Case
from adapters.opa.gates.engine import Engine
from adapters.opa.gates.report import Report, Tree
from adapters.opa.gates.samples import allowed_cases, phantoms
from adapters.opa.schemas import asked_actions


def actions(asked: Sequence[Case], answers: Sequence[dict[str, Any]]) -> Report:
    """No action that no role can reach."""
    allowed = {case.action for case, answer in zip(asked, answers, strict=True) if answer["allow"]}
    missing = [f"{action}: nobody can ever do it" for action in asked_actions() if action not in allowed]
    return Report("reachable actions", len(asked_actions()), tuple(missing))


def reasons(given: Tree, engine: Engine, answers: Sequence[dict[str, Any]]) -> Report:
    """Each code of the registry is seen in an answer; the general words of a check where an action has none itself."""
    registry = tree.registry(given.opa, given.root)
    told = {reason["code"] for answer in answers for reason in answer["reasons"]}
    for answer in engine.batch(list(_broken())):
        told |= {reason["code"] for reason in answer["reasons"]}
        told |= {obligation["reason"]["code"] for obligation in answer["obligations"]}
    codes = {
        entry["code"]
        for part in (registry["checks"], registry["obligations"], *registry["actions"].values())
        for entry in part.values()
    }
    missing = [f"{code}: no case ever tells it" for code in sorted(codes - told)]
    return Report("reasons told", len(codes), tuple(missing))


def _broken() -> Iterator[Any]:
    """What no cell of the matrix is about: a missing object, a malformed or unknown question, maintenance."""
    yield from phantoms().values()
    sample = allowed_cases()[0].input
    yield without(sample, ("subject",), "dropped")
    for path, value in ((("action", "name"), "order.teleport"), (("context", "maintenance"), "read_only")):
        for case in allowed_cases():
            changed = copy.deepcopy(case.input)
            changed[path[0]][path[1]] = value
            yield changed
    for case in allowed_cases():
        yield case.input
        if case.input["resource"]["effects"]:
            changed = copy.deepcopy(case.input)
            changed["resource"]["effects"][0]["id"] = "another"
            yield changed
