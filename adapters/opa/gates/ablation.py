"""Field ablation: every field of every allowed question is dropped and nulled in turn; never may an allow be left."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from adapters.opa.gates.cases import Case
from adapters.opa.gates.engine import Engine, serving
from adapters.opa.gates.report import Report, Tree
from adapters.opa.gates.samples import allowed_cases

Path = tuple[str | int, ...]
Change = Literal["dropped", "null"]


@dataclass(frozen=True, slots=True)
class Exemption:
    """A change after which the question is still whole, so that it is no case; `only` None: of every action."""

    path: Path
    change: Change
    reason: str
    only: str | None = None
    but: str | None = None

    def covers(self, action: str, path: Path, change: Change) -> bool:
        asked = self.only in (None, action) and self.but != action
        return asked and (self.path, self.change) == (path, change)

    def __str__(self) -> str:
        where = self.only or f"all actions but {self.but}"
        return f"{where}: {'.'.join(map(str, self.path))} {self.change}: {self.reason}"


EXEMPT = (
    Exemption(
        ("context", "settings", "approval.service_manager_from"),
        "dropped",
        "the settings are an open map, and only this action's rule reads this entry",
        but="purchase.place",
    ),
    Exemption(("action", "args", "quantity"), "null", "the quantity stays as it is", only="cart_line.update"),
    *(
        Exemption(path, "null", f"what notes are about {why}", only="note.add")
        for path, why in (
            (("resource", "organizations", "counterparty"), "need not have another side"),
            (("resource", "parents", "subject", "counterparty"), "need not have another side"),
            (("resource", "parents", "subject", "owner"), "need not be anybody's own"),
        )
    ),
)


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every key below `value`, also inside list items; items themselves are facts of the journal and stay."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key)
            yield from paths(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*at, index))


def without(given: Any, path: Path, change: Change) -> Any:
    """The question less one field; only what stands on the way to it is copied."""
    changed = copy.copy(given)
    key, rest = path[0], path[1:]
    if rest:
        changed[key] = without(given[key], rest, change)
    elif change == "null":
        changed[key] = None
    else:
        del changed[key]
    return changed


def _at(given: Any, path: Path) -> Any:
    for key in path:
        given = given[key]
    return given


def ablated(case: Case) -> Iterator[tuple[Path, Change, Any]]:
    """The question of a case less one field; what is null already is not nulled again."""
    for path in paths(case.input):
        yield path, "dropped", without(case.input, path, "dropped")
        if _at(case.input, path) is not None:
            yield path, "null", without(case.input, path, "null")


def gate(given: Tree) -> Report:
    with serving(given.opa, given.root) as engine:
        return judge(engine)


def judge(engine: Engine) -> Report:
    """An exemption that no allow needs any more is a failure as well."""
    asked = [(case, *one) for case in allowed_cases() for one in ablated(case)]
    answers = engine.batch([question for *_, question in asked])
    failures, used, cases = [], set(), 0
    for (case, path, change, _), answer in zip(asked, answers, strict=True):
        allowed = answer is not None and answer["allow"] is not False
        exempt = next((one for one in EXEMPT if one.covers(case.action, path, change)), None)
        if exempt is not None:
            used |= {exempt} if allowed else set()
            continue
        cases += 1
        if allowed:
            failures.append(f"{case.action} as {case.role}: {'.'.join(map(str, path))} {change}: still allowed")
    failures += [f"nobody needs the exemption of {one}" for one in EXEMPT if one not in used]
    return Report("field ablation", cases, tuple(failures), exempt=tuple(str(one) for one in EXEMPT if one in used))
