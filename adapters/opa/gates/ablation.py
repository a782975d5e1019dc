"""Field ablation: every field of every allowed question is dropped and nulled in turn; never may an allow be left."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from adapters.opa.gates.cases import Case
from adapters.opa.gates.engine import Engine, serving
from adapters.opa.gates.report import Report, Tree
from adapters.opa.gates.samples import allowed_cases

Path = tuple[str | int, ...]
# What may be missing because the contract says so and no rule reads it; everything else must deny. By (path, except).
SETTING = ("context", "settings", "approval.service_manager_from")  # a free map; `purchase.place` reads this entry
READS_SETTING = "purchase.place"
# Where null is a value like another, and rules that rely on the field look at it themselves.
NULL_IS_A_VALUE: dict[Path, str | None] = {
    ("subject", "on_behalf_of", "decision"): None,
    ("action", "args", "quantity"): "cart_line.update",
    ("resource", "organizations", "counterparty"): "note.add",
    ("resource", "parents", "subject", "counterparty"): "note.add",
    ("resource", "parents", "subject", "owner"): "note.add",
}


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every key below `value`, also inside list items; items themselves are facts of the journal and stay."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key)
            yield from paths(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*at, index))


def without(given: Any, path: Path, *, null: bool) -> Any:
    changed = copy.deepcopy(given)
    place = changed
    for key in path[:-1]:
        place = place[key]
    if null:
        place[path[-1]] = None
    else:
        del place[path[-1]]
    return changed


def _at(given: Any, path: Path) -> Any:
    for key in path:
        given = given[key]
    return given


def ablated() -> Iterator[tuple[str, Any]]:
    """One allowed question per action, less one field; what is null already is not nulled again."""
    for case in _one_per_action():
        for path in paths(case.input):
            name = f"{case.action} as {case.role}: {'.'.join(map(str, path))}"
            if path == SETTING and case.action != READS_SETTING:
                continue
            yield f"{name} dropped", without(case.input, path, null=False)
            if _at(case.input, path) is not None and not _null_is_a_value(case.action, path):
                yield f"{name} null", without(case.input, path, null=True)


def _one_per_action() -> list[Case]:
    return list({case.action: case for case in reversed(allowed_cases())}.values())


def _null_is_a_value(action: str, path: Path) -> bool:
    return path in NULL_IS_A_VALUE and NULL_IS_A_VALUE[path] in (None, action)


def _excepted() -> Iterator[str]:
    for case in _one_per_action():
        for path in paths(case.input):
            if path == SETTING and case.action != READS_SETTING:
                yield f"{case.action}: a setting that it does not read"
            if _null_is_a_value(case.action, path) and _at(case.input, path) is not None:
                yield f"{case.action}: {'.'.join(map(str, path))} may be null"


def gate(given: Tree) -> Report:
    with serving(given.opa, given.root) as engine:
        return judge(engine)


def judge(engine: Engine) -> Report:
    asked = list(ablated())
    answers = engine.batch([one for _, one in asked])
    failures = [
        f"{name}: still allowed"
        for (name, _), answer in zip(asked, answers, strict=True)
        if answer is not None and answer["allow"] is not False
    ]
    return Report("field ablation", len(asked), tuple(failures), tuple(_excepted()))
