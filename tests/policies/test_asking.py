"""The gates that ask an engine: matrix, reachable actions, reasons and field ablation, on a tree that is spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.opa.gates import ablation, decision_matrix, reached
from adapters.opa.gates.cases import Case
from adapters.opa.gates.engine import Engine, serving
from adapters.opa.gates.run import check
from tests.policies.conftest import Planting, planted


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A tree with a defect for each gate, an engine that answers by it, and what it answered."""

    planting: Planting
    engine: Engine
    asked: list[Case]
    answers: list[dict[str, Any]]


@pytest.fixture(scope="module")
def spoilt(opa: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoilt]:
    planting = planted(opa, tmp_path_factory.mktemp("spoilt"))
    # An auditor who approves; a shipment that nobody makes; words that nobody hears.
    planting.change("matrix/orders.yaml", "order.approve: {", "order.approve: {auditor: platform, ")
    planting.change("matrix/fulfillment.yaml", "shipment.create: {system: behalf", "shipment.create: {system: nobody")
    planting.change("orders/orders.rego", "#     state:\n", "#     maintenance:\n#       order.place: " + WORDS)
    # A field that is not looked at, and one that may no longer be null.
    planting.change("shared/shape/shape.rego", "is_string(channel)", "value")
    planting.change("shared/shape/shape.rego", "integer_shape_or_null(quantity)", "is_number(quantity)")
    with serving(opa, planting.tree.root) as engine:
        yield Spoilt(planting, engine, *decision_matrix.answered(engine))


WORDS = "{code: orders.place.never, message: It is never said., remedy: null}\n#     state:\n"


def test_a_changed_cell_is_a_visible_difference(spoilt: Spoilt) -> None:
    """What was refused and what is allowed now, line by line."""
    report = decision_matrix.compare(spoilt.planting.tree, spoilt.asked, spoilt.answers)
    assert set(report.failures) == {
        "no longer: order.approve: - auditor platform role",
        "now: order.approve: + auditor platform placed",
        "no longer: shipment.create: + system for the vendor new",
        "no longer: shipment.create: - system timer; for the buyer; for a stranger role",
        "now: shipment.create: - system timer; for the buyer; for the vendor; for a stranger role",
    }


def test_a_matrix_that_is_not_committed(spoilt: Spoilt) -> None:
    """Every line of it is news."""
    kept = spoilt.planting.tree.root / decision_matrix.FILE
    text = kept.read_text(encoding="utf-8")
    kept.unlink()
    report = decision_matrix.compare(spoilt.planting.tree, spoilt.asked, spoilt.answers)
    kept.write_text(text, encoding="utf-8")
    assert len(report.failures) > 500
    assert all(failure.startswith("now: ") for failure in report.failures)


def test_an_action_that_nobody_can_do(spoilt: Spoilt) -> None:
    """Has a row, and still no role reaches it."""
    report = reached.actions(spoilt.asked, spoilt.answers)
    assert report.failures == ("shipment.create: nobody can ever do it",)


def test_words_that_nobody_hears(spoilt: Spoilt) -> None:
    """A reason that no case tells is dead, or its check cannot fail."""
    report = reached.reasons(spoilt.planting.tree, spoilt.engine, spoilt.answers)
    assert "orders.place.never: no case ever tells it" in report.failures


def test_a_field_whose_loss_allows(spoilt: Spoilt) -> None:
    """Each is named with its action and role; so is an exemption that nobody needs."""
    report = ablation.judge(spoilt.engine)
    told = set(report.failures)
    assert "order.approve as service_manager: context.channel null: still allowed" in told
    assert "order.approve as service_manager: context.channel dropped: still allowed" not in told
    quantity = next(one for one in ablation.EXEMPT if one.only == "cart_line.update")
    assert f"nobody needs the exemption of {quantity}" in told
    assert {failure.split(": ")[1] for failure in told if failure.endswith("allowed")} == {"context.channel null"}


def test_an_engine_that_cannot_load_the_policies(planting: Planting) -> None:
    """Two rules that contradict each other: the questions fail, and so does the gate."""
    planting.change("shared/tenancy/tenancy.rego", "default member(_) := false", "member(_) := false")
    reports = [report for report in check(planting.tree.opa, planting.tree.root) if report.name == "engine"]
    assert reports
    assert "conflict" in reports[0].failures[0]
