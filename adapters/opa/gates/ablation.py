"""Field ablation: every field of every allowed question is dropped and nulled in turn; never may an allow be left."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from adapters.opa.gates.engine import Engine, serving
from adapters.opa.gates.report import Report, Tree
from adapters.opa.gates.samples import allowed_cases

Path = tuple[str | int, ...]
# Free maps keep what no rule reads; what a rule reads is named by the contract and not listed here.
UNREAD = frozenset({("context", "settings", "approval.service_manager_from")})
READ_BY = {"purchase.place"}


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
    seen: set[str] = set()
    for case in allowed_cases():
        if case.action in seen:
            continue
        seen.add(case.action)
        for path in paths(case.input):
            name = f"{case.action} as {case.role}: {'.'.join(map(str, path))}"
            if path in UNREAD and case.action not in READ_BY:
                continue
            yield f"{name} dropped", without(case.input, path, null=False)
            if _at(case.input, path) is not None:
                yield f"{name} null", without(case.input, path, null=True)


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
    unread = len({case.action for case in allowed_cases()} - READ_BY)
    return Report("field ablation", len(asked), tuple(failures), ("an unread setting",) * unread)
