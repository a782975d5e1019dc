"""The gates that the engine brings: layout, strict check, built-ins, words, tests and their coverage."""

from __future__ import annotations

from adapters.opa.gates import tool
from adapters.opa.gates.report import Gate, Report
from adapters.opa.gates.run import check
from tests.policies.conftest import Planting

ORDERS, TENANCY = "orders/orders.rego", "shared/tenancy/tenancy.rego"


def only(gate: Gate, planting: Planting) -> str:
    """The one failure that a gate finds."""
    report = gate(planting.tree)
    assert not report.passed
    (failure,) = report.failures
    return failure


def test_layout_is_the_tools(planting: Planting) -> None:
    """One file that `opa fmt` would change."""
    planting.add(TENANCY, "\n\n\n\nspaced   :=   1\n")
    assert only(tool.layout, planting).endswith("tenancy.rego")


def test_an_unused_variable(planting: Planting) -> None:
    """Is a mistake more often than not."""
    planting.add(TENANCY, "\nidle(req) if {\n\tunused := req.subject\n\treq.action\n}\n")
    assert "unused" in only(tool.strict, planting)


def test_a_field_that_the_question_does_not_have(planting: Planting) -> None:
    """In `main` the engine's own schema check sees it."""
    planting.change("main.rego", "answer(input)", "answer(input.subjekt)")
    assert "subjekt" in only(tool.strict, planting)


def test_a_built_in_that_asks_the_world(planting: Planting) -> None:
    """The clock comes with the question; nothing is fetched; nothing is drawn by lot."""
    planting.add(TENANCY, '\nclock := time.now_ns()\n\nworld := http.send({})\n\nchance := rand.intn("x", 2)\n')
    report = tool.strict(planting.tree)
    assert {"time.now_ns", "http.send", "rand.intn"} <= set(" ".join(report.failures).split())


def test_the_list_of_built_ins_is_the_pinned_engines(planting: Planting) -> None:
    """One that was smuggled in, and a list that is gone."""
    planting.change("capabilities.json", '"builtins": [', '"builtins": [\n{"name": "http.send"},')
    assert "http.send" in only(tool.capabilities, planting)
    planting.remove("capabilities.json")
    assert not tool.capabilities(planting.tree).passed


def test_every_check_has_its_words(planting: Planting) -> None:
    """Compliance staff own them, so none may be missing."""
    planting.change(TENANCY, "#   remedy: Switch to the organization it belongs to, if you have a role there.\n", "")
    report = tool.words(planting.tree)
    assert any("no remedy" in failure for failure in report.failures)


def test_a_message_is_a_sentence(planting: Planting) -> None:
    """And ends like one."""
    planting.change(TENANCY, "than the one you act for.", "than the one you act for")
    assert only(tool.words, planting).endswith("tenancy.not_a_party: the message is no sentence")


def test_words_belong_to_something(planting: Planting) -> None:
    """Words for an action that there is not, and a check that is described twice."""
    planting.change(ORDERS, "order.deliver:", "order.teleport:")
    assert only(tool.words, planting).endswith("words for role of order.teleport, which there is not")
    planting.change(ORDERS, "order.teleport:", "order.deliver:")
    planting.change(TENANCY, "check: tenancy", "check: role")
    assert "described twice" in only(tool.words, planting)


def test_a_failing_test_and_one_that_is_put_off(planting: Planting) -> None:
    """Are named: neither is a proof."""
    planting.change("orders/orders_test.rego", '== ["separation"]', '== ["seperation"]')
    planting.add("orders/orders_test.rego", "\ntodo_test_later if false\n")
    report = tool.coverage(planting.tree)
    assert [failure.split()[-1] for failure in report.failures] == ["test_nobody_approves_what_they_bought"]
    assert report.skipped == ("todo_test_later",)
    assert not Report("tests", 1, (), report.skipped).passed


def test_a_line_that_no_test_reaches(planting: Planting) -> None:
    """Each rule, and each branch of one."""
    planting.add(TENANCY, "\nlonely(req) if {\n\treq.subject.roles[0]\n}\n")
    report = tool.coverage(planting.tree)
    assert report.failures
    assert all(failure.startswith(f"policies/{TENANCY}:") for failure in report.failures)


def test_an_action_that_no_test_is_about(planting: Planting) -> None:
    """Its lines may all be reached on behalf of others."""
    planting.change("payments/payments_test.rego", '"authorization.initiate"', '"capture.initiate"')
    assert only(tool.coverage, planting) == "no test is about authorization.initiate"


def test_no_tests_at_all(planting: Planting) -> None:
    """Prove nothing."""
    for file in planting.tree.root.rglob("*_test.rego"):
        file.unlink()
    assert not tool.coverage(planting.tree).passed


def test_a_tree_that_cannot_be_read_fails_every_gate_that_reads_it(planting: Planting) -> None:
    """A syntax error ends in failures with file and line, not in a traceback."""
    planting.add(TENANCY, "\nbroken if {\n")
    reports = {report.name: report for report in check(planting.tree.opa, planting.tree.root)}
    assert not reports["strict check"].passed
    assert "tenancy.rego" in reports["strict check"].failures[0]
    assert not reports["engine"].passed
    assert "field ablation" not in reports
