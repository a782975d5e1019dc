"""`docs/adding-a-mutation.md`, followed to the letter in a scratch copy: it works, and no step can be left out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.scratch import Change, Scratch, blocks, changes, copy_to
from tests.marketplace import PORTCULLIS, ROOT, running

PAGE = "docs/adding-a-mutation.md"
FIRST = "db/migrations/versions/20261121T0900_pre_first.sql"
EDGES = "db/effects/generated/edges.sql"
ACTIONS, CONTRACT = "tests/governance/test_actions.py", "tests/contract/test_schema.py"
CATALOGUE = ("tests/db/test_catalogue.py", "-k", "migrations or half")
# What of governance and contract is about names.
NAMES = (ACTIONS, CONTRACT, "-k", "test_actions or lack or alone or of_ours")
_EDGE_OK = re.compile(r"edge_ok_\w+")


@dataclass(frozen=True, slots=True)
class Followed:
    """The copy with all of it done; what was stale before `derive`, and what that wrote."""

    scratch: Scratch
    stale: list[str]
    written: list[str]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    folder = tmp_path_factory.mktemp("scratch")
    scratch = copy_to(folder)
    for change in changes(PAGE):
        scratch.apply(change)
    stale = scratch.portcullis("derive", "--check")
    assert stale.returncode == 1, stale.stderr
    derived = scratch.portcullis("derive")
    assert derived.returncode == 0, derived.stderr
    yield Followed(scratch, told("differs", stale.stdout), told("written", derived.stdout))
    shutil.rmtree(folder)


def told(word: str, printed: str) -> list[str]:
    """The paths on the lines that begin with a word."""
    return [line.removeprefix(word).strip() for line in printed.splitlines() if line.startswith(word)]


def test_the_copy_runs_its_own_code(followed: Followed) -> None:
    """Not the packages that are installed here: else nothing below would mean anything."""
    rooms = "adapters, cli, db, domain, gateway, resolvers, schema, wiring, worker"
    found = followed.scratch.python(f"import {rooms}; print(*(room.__file__ for room in ({rooms})))").split()
    assert {Path(file).parents[1] for file in found} == {followed.scratch.folder}


def test_derive_writes_what_the_page_says(followed: Followed) -> None:
    """File by file; without it all of these but the decision matrix, which takes the engine, are known to be stale."""
    (printed,) = blocks(PAGE, "text")
    assert followed.written == told("written", printed)
    assert [*followed.stale, "policies/decision-matrix.txt"] == followed.written


# Every gate over the policies but those that ask an engine: `derive` has just written what the engine answers.
GATES = """
from adapters import tools
from adapters.opa import tree
from adapters.opa.gates import bodies, references, sets, tool
from adapters.opa.gates.report import Tree
from wiring.settings import Settings

given = Tree(tools.ensure(tools.OPA, Settings().tools), tree.POLICIES)
for gate in (tool.layout, sets.gate, tool.strict, tool.words, bodies.gate, references.gate, tool.coverage):
    report = gate(given)
    print(report.line(), *report.failures)
    assert report.passed, report
"""


def test_the_gates_are_content(followed: Followed) -> None:
    """Those over the policies pass, and contract and governance know the new action."""
    assert len(followed.scratch.python(GATES).splitlines()) == 7
    done = followed.scratch.pytest(*NAMES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_decision_matrix_tells_who_may(followed: Followed) -> None:
    """The two cells, in the two states that the edges start from, and nobody else."""
    text = (followed.scratch.folder / "policies/decision-matrix.txt").read_text(encoding="utf-8")
    (rows,) = re.findall(r"^service\.retire  .*\n((?:  .+\n)+)", text, re.MULTILINE)
    allowed = [line.split(maxsplit=3)[1:] for line in rows.splitlines() if line.startswith("  +")]
    states = "draft, published"
    assert sorted(allowed) == [["service_manager", "platform", states], ["vendor_manager", "home", states]]


def test_the_mutation_is_decided_and_carried_out(followed: Followed, tmp_path: Path) -> None:
    """The page's last commands against a running copy: a denial, an allow, an edge that is no more; then `verify`."""
    (script,), (printed,) = blocks(PAGE, "sh"), blocks(PAGE, "json")
    scratch = followed.scratch
    with running(tmp_path / "home", checkout=scratch.folder, PYTHONPATH=str(scratch.folder)) as market:
        script = script.replace("http://127.0.0.1:8080", market.url).replace(".venv/bin/portcullis", str(PORTCULLIS))
        done = scratch.shell(f"set -eu\n{script}", market.environment)
        assert (done.stdout, done.stderr) == (printed, "")
        assert market.command("verify").stdout.strip().endswith(" checks, 0 violations")


@contextmanager
def migrated(scratch: Scratch) -> Iterator[None]:
    """As if the first migration had been released before this change: the page's two migrations come after it."""
    before, after = ((folder / EDGES).read_text(encoding="utf-8") for folder in (ROOT, scratch.folder))
    function = after[after.index("create function edge_ok_") : after.index("end $$;")] + "end $$;\n"
    names = {"edge_ok_OLD": _EDGE_OK.findall(before)[0], "edge_ok_NEW": _EDGE_OK.findall(after)[0]}
    scripts = [re.sub("|".join(names), lambda found: names[found[0]], text) for text in blocks(PAGE, "sql")]
    (python,) = (text for text in blocks(PAGE, "python"))
    drafted, folder = (scratch.folder / FIRST).read_bytes(), (scratch.folder / FIRST).parent
    chain = [Path(FIRST).stem, "20270301T0900_pre_service_retire", "20270301T0901_post_service_retire"]
    try:
        shutil.copy2(ROOT / FIRST, folder)
        for name, previous, sql in zip(chain[1:], chain, (function + scripts[0], scripts[1]), strict=False):
            text = python.replace("REVISION_BEFORE", previous).replace("REVISION", name)
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
            (folder / f"{name}.sql").write_text(sql, encoding="utf-8")
        yield
    finally:
        (scratch.folder / FIRST).write_bytes(drafted)
        for file in (folder / f"{name}{ending}" for name in chain[1:] for ending in (".py", ".sql")):
            file.unlink()


def test_a_database_that_lives_is_brought_along(followed: Followed) -> None:
    """With the page's two migrations the first one is no longer generated, and all make what a new database has."""
    scratch = followed.scratch
    with migrated(scratch):
        for done in (scratch.portcullis("derive", "--check"), scratch.pytest(*CATALOGUE)):
            assert done.returncode == 0, done.stdout + done.stderr


def of(path: str, part: str = "") -> Change:
    """The one change of the page to this file, with this in it."""
    (found,) = [change for change in changes(PAGE) if change.path == path and part in change.new]
    return found


CHECK, TEST, LINE = ("policy", "check"), ("policy", "test"), "test_every_mutation_has_its_line_and_its_input"
READ, LACKING = of("resolvers/inputs.py"), of("schema/pending.csv", "Mutation.")
# Step -> the changes, what is run of it, and what that says.
LEFT_OUT = {
    "the Rego test": ([of("policies/services/services_test.rego")], TEST, ["no test is about service.retire"]),
    "the matrix cell": ([of("policies/matrix/services.yaml")], CHECK, ["service.retire: no row in the matrix"]),
    "the machine row": ([of("domain/services/machine.py")], CHECK, ["service.retire: a row, but no machine has it"]),
    "the Rego rule": (
        [of("policies/services/services.rego", "standing")],
        TEST,
        ["test_a_service_is_retired_whatever"],
    ),
    "the schema line": ([of("schema/mutation.py")], (ACTIONS,), [LINE]),
    "how it is read, and what was lacking": ([READ, LACKING], NAMES, [LINE, "test_what_we_lack_is_listed"]),
}


@pytest.mark.parametrize("step", LEFT_OUT)
def test_a_step_that_is_left_out_is_told(followed: Followed, step: str) -> None:
    """By the gate that the page names, and by name."""
    left_out, words, says = LEFT_OUT[step]
    run = followed.scratch.portcullis if words in (CHECK, TEST) else followed.scratch.pytest
    with followed.scratch.without(*left_out):
        done = run(*words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert all(sentence in done.stdout for sentence in says), done.stdout
