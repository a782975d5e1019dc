"""Every gate in one go, with one engine for those that ask; prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adapters.opa import tree
from adapters.opa.files import TreeError
from adapters.opa.gates import ablation, bodies, decision_matrix, reached, references, sets, tool
from adapters.opa.gates.engine import EngineError, serving
from adapters.opa.gates.report import Gate, Report, Tree

LOOKING: dict[str, Gate] = {
    "strict check": tool.strict,
    "capabilities": tool.capabilities,
    "words": tool.words,
    "bodies": bodies.gate,
    "references": references.gate,
    "tests": tool.coverage,
}


def check(opa: Path, root: Path = tree.POLICIES) -> Iterator[Report]:
    """One report per gate. Gates that ask the engine come last and only where it can load the policies."""
    given = Tree(opa, root)
    reports = [tool.layout(given), sets.gate(given)]
    yield from reports
    if not reports[1].passed:
        return
    with ThreadPoolExecutor(2) as pool:
        asking = pool.submit(_asking, given)
        looking = [pool.submit(_looking, name, given) for name in LOOKING]
        for one in looking:
            yield one.result()
        yield from asking.result()


def faults(given: Tree) -> list[str]:
    """What keeps an engine from answering by these policies at all; the quick gates, no engine."""
    for gate in (sets.gate, tool.strict):
        try:
            report = gate(given)
        except TreeError as error:
            return [str(error)]
        if not report.passed:
            return [f"{report.name}: {failure}" for failure in report.failures]
    return []


def _looking(name: str, given: Tree) -> Report:
    """A tree that cannot even be read is a failure of the gate, not of the program."""
    try:
        return LOOKING[name](given)
    except TreeError as error:
        return Report(name, 1, (str(error),))


def _asking(given: Tree) -> list[Report]:
    """The gates that need answers, on one engine."""
    try:
        with serving(given.opa, given.root) as engine:
            asked, answers = decision_matrix.answered(engine)
            return [
                decision_matrix.compare(given, asked, answers),
                reached.actions(asked, answers),
                reached.reasons(given, engine, answers),
                ablation.judge(engine),
            ]
    except (EngineError, TreeError) as error:
        return [Report("engine", 1, (str(error),))]
