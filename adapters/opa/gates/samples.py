"""One question per action that the policy allows: what Rego tests patch and what ablation takes apart."""

from __future__ import annotations

import copy
from functools import cache

from adapters.opa import tree
from adapters.opa.gates.cases import Case, all_cases
from adapters.opa.gates.world import Json
from domain.machines import ACTIONS, MACHINE_OF

# Where the subject of an allowed question stands, by the scope of its cell.
_WHERE = {
    "own": ("own",),
    "self": ("own, elsewhere", "own"),
    "organization": ("home",),
    "counterpart": ("other side", "other side (buyer)"),
    "platform": ("platform", "home"),
    "subject": ("home", "other side", "platform", "other side (vendor)"),
    "system": ("timer",),
    "behalf": ("for the buyer",),
    "behalf_counterpart": ("for the vendor",),
}


def _places(action: str, scope: str) -> tuple[str, ...]:
    if scope == "behalf_counterpart" and MACHINE_OF[action].home == "vendor":
        return ("for the buyer",)
    return _WHERE.get(scope, ())


@cache
def allowed_cases() -> tuple[Case, ...]:
    """For every cell of the matrix one case that it must allow, in the first state that its action starts from."""
    rows = tree.rows()
    wanted = {
        (action, role, place): rank
        for action, row in rows.items()
        for role, scope in row.items()
        for rank, place in enumerate(_places(action, scope))
    }
    found: dict[tuple[str, str], tuple[int, Case]] = {}
    for case in all_cases():
        role = case.role if case.role in rows[case.action] else "anyone"
        rank = wanted.get((case.action, role, case.relation))
        source = ACTIONS[case.action].sources[:1] or (None,)
        if rank is None or case.state != source[0]:
            continue
        key = (case.action, role)
        if key not in found or rank < found[key][0]:
            found[key] = (rank, case)
    return tuple(case for _, case in found.values())


def samples() -> dict[str, Json]:
    """By action, the case of its first cell; `<action>/<role>` for every cell."""
    found: dict[str, Json] = {}
    for case in allowed_cases():
        found.setdefault(case.action, case.input)
        found[f"{case.action}/{case.role}"] = case.input
    return found


def phantoms() -> dict[str, Json]:
    """By action that does not create: the same question about a row that is not there."""
    found: dict[str, Json] = {}
    for case in allowed_cases():
        if ACTIONS[case.action].creates or case.action in found:
            continue
        missing = copy.deepcopy(case.input)
        missing["resource"] |= {"state": None, "version": 0, "money": None, "parents": {}, "effects": []}
        missing["resource"]["organizations"]["counterparty"] = None
        found[case.action] = missing
    return found
