"""Every gate in one go, with one engine for those that ask; prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adapters.opa import tree
from adapters.opa.gates import ablation, bodies, decision_matrix, reached, references, sets, tool
from adapters.opa.gates.engine import EngineError, serving
from adapters.opa.gates.report import Report, Tree


def check(opa: Path, root: Path = tree.POLICIES) -> Iterator[Report]:
    """One report per gate. Gates that ask the engine come last and only where it can load the policies."""
    given = Tree(opa, root)
    reports = [tool.layout(given), sets.gate(given)]
    yield from reports
    if not reports[1].passed:
        return
    with ThreadPoolExecutor(2) as pool:
        asking = pool.submit(_asking, given)
        looking = [
            pool.submit(gate, given)
            for gate in (tool.strict, tool.capabilities, tool.words, bodies.gate, references.gate)
        ]
        covering = pool.submit(tool.coverage, given)
        for one in (*looking, covering):
            yield one.result()
        yield from asking.result()


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
    except EngineError as error:
        return [Report("engine", 1, (str(error),))]
