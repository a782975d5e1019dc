"""The house rules, read off the code itself: sizes, docstrings, annotations, names, honest tests."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from cli.derive import generated

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("adapters", "cli", "db", "domain", "gateway", "resolvers", "schema", "wiring", "worker")
BANNED_NAMES = {"utils", "common", "core", "lib", "helpers", "services_layer", "base", "manager", "misc"}
MAX_FILE, MAX_FUNCTION = 300, 40
GENERATED = "GENERATED"


def files(*endings: str) -> list[Path]:
    """Files git tracks."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    paths = [ROOT / name for name in listed if name.endswith(endings)]
    return [p for p in paths if p.is_file()]


def is_generated(path: Path) -> bool:
    return GENERATED in path.read_text(encoding="utf-8").partition("\n")[0]


def tracked(*endings: str) -> list[Path]:
    """Those that people write."""
    return [p for p in files(*endings) if not is_generated(p)]


def sources() -> list[Path]:
    return [p for p in tracked(".py") if p.relative_to(ROOT).parts[0] in ROOMS]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_files_are_small() -> None:
    """No hand-written source file has more than 300 lines."""
    long = {
        str(p.relative_to(ROOT)): n
        for p in tracked(".py", ".rego", ".sql")
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_FILE
    }
    assert not long


def test_only_programs_write_what_says_that_it_is_generated() -> None:
    """The word frees a file of the limits of this module, so `derive` has to be what writes it."""
    # Once a second migration exists the first is written no more; it was, and is never edited.
    written = {ROOT / name for name in generated()} | {*(ROOT / "db" / "migrations" / "versions").glob("*_first.sql")}
    claimed = [p for p in files(".py", ".rego", ".sql") if is_generated(p)]
    assert claimed
    assert set(claimed) <= written


def test_functions_are_small() -> None:
    """No function has more than 40 lines."""
    long = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name} {(f.end_lineno or f.lineno) - f.lineno + 1}"
        for p in tracked(".py")
        for f in functions(p)
        if (f.end_lineno or f.lineno) - f.lineno + 1 > MAX_FUNCTION
    ]
    assert not long


def test_modules_say_what_they_are_for() -> None:
    """Every module that holds code opens with a sentence about its purpose."""
    silent = [
        str(p.relative_to(ROOT))
        for p in tracked(".py")
        if p.read_text(encoding="utf-8").strip() and not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_functions_are_annotated() -> None:
    """Every function says what it returns."""
    bare = [f"{p.relative_to(ROOT)}:{f.lineno} {f.name}" for p in sources() for f in functions(p) if f.returns is None]
    assert not bare


def test_names_say_something() -> None:
    """No module or folder is called utils, common, core, lib, helpers, base or manager."""
    vague = [
        str(p.relative_to(ROOT))
        for p in tracked(".py")
        for part in p.relative_to(ROOT).parts
        if Path(part).stem in BANNED_NAMES
    ]
    assert not vague


def test_domain_does_not_divide_money() -> None:
    """The domain has no true division; its only decimal fractions are seconds."""
    seconds = {"domain/change.py", "domain/decide.py", "domain/saga.py", "domain/ports.py", "domain/sagas/waiting.py"}
    found = [
        f"{name}:{node.lineno}"
        for p in sources()
        if (name := str(p.relative_to(ROOT))).startswith("domain/")
        for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float) and name not in seconds)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    ]
    assert not found


DISHONEST = re.compile(
    r"unittest\.mock|pytest\.skip|pytest\.importorskip"  # refused: what is mocked or skipped proves nothing
    r"|mark\.skip|mark\.xfail"  # refused: a test that may fail unseen
    r"|assert True\b|except:\s*$"  # refused: a test that cannot fail, and a fault that is swallowed
    r"|monkeypatch\.setattr\((?!tempfile\b)"  # where the system keeps its temporary files is not ours to build on
)


def test_tests_are_honest() -> None:
    """No mock, no skip, no expected failure, no patch of our own modules."""
    here = Path(__file__).resolve()
    found = [
        f"{p.relative_to(ROOT)}:{number} {line.strip()}"
        for p in tracked(".py")
        if p.relative_to(ROOT).parts[0] == "tests" and p != here
        for number, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if DISHONEST.search(line)
    ]
    assert not found


def sleeps(tree: ast.AST, *, in_loop: bool = False) -> Iterator[int]:
    """Lines of sleeps that are not the pause of a loop that looks for a state."""
    for node in ast.iter_child_nodes(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "sleep"
            and not in_loop
            and not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
        ):
            yield node.lineno
        yield from sleeps(node, in_loop=in_loop or isinstance(node, ast.While | ast.For | ast.AsyncFor))


def test_tests_wait_for_a_state() -> None:
    """A test sleeps only as the pause of a loop that looks for a state."""
    found = [
        f"{p.relative_to(ROOT)}:{line}"
        for p in tracked(".py")
        if p.relative_to(ROOT).parts[0] == "tests"
        for line in sleeps(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize("room", ROOMS)
def test_top_level_names_are_ours(room: str) -> None:
    """A library called `schema` exists; no installed distribution may own a name of ours."""
    assert set(packages_distributions().get(room, [])) <= {"portcullis"}
    found = find_spec(room)
    assert found is not None
    assert found.origin == str(ROOT / room / "__init__.py")
