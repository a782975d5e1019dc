"""Every gate in one go, with one engine for those that ask; prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
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
    for gate in (tool.strict, tool.words, bodies.gate, references.gate, tool.coverage):
        report = gate(given)
        yield report
    try:
        with serving(opa, root) as engine:
            asked, answers = decision_matrix.answered(engine)
            yield decision_matrix.compare(given, asked, answers)
            yield reached.actions(asked, answers)
            yield reached.reasons(given, engine, answers)
            yield ablation.judge(engine)
    except EngineError as error:
        yield Report("engine", 1, (str(error),))
