"""The gates that the engine itself brings: layout, strict check with schemas and capabilities, tests with coverage."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from adapters.opa import capabilities as pinned
from adapters.opa import tree
from adapters.opa.files import TreeError
from adapters.opa.gates.report import Report, Tree
from adapters.opa.gates.workspace import workspace
from adapters.opa.schemas import asked_actions, batch_schema, decide_schema

_TESTS = re.compile(r"^test_\w+", re.MULTILINE)
_TEST = ("test", "--bundle", "--format=json", "--fail-on-empty", "--timeout=120s")


def layout(given: Tree) -> Report:
    """Every file is laid out as `opa fmt` does."""
    listed = _run(given.opa, "fmt", "--list", str(given.root), cwd=given.root).stdout.split()
    return Report("layout", len(list(given.root.rglob("*.rego"))), tuple(f"opa fmt would change {n}" for n in listed))


def capabilities(given: Tree) -> Report:
    """Policies may use the pinned engine's built-ins but those that ask the world, the clock or chance."""
    file = given.root / "capabilities.json"
    kept = file.read_text(encoding="utf-8") if file.is_file() else ""
    has = set(pinned.capabilities(given.opa).splitlines())
    return Report(
        "capabilities",
        len(has),
        tuple(f"differs: {line.strip()[:80]}" for line in sorted(has ^ set(kept.splitlines()))),
    )


def strict(given: Tree) -> Report:
    """No unused variable, no unknown input field in `main`, no built-in that asks the world."""
    with workspace(given.opa, given.root) as folder, tempfile.TemporaryDirectory() as schemas:
        for name, schema in (("decide", decide_schema()), ("batch", batch_schema())):
            Path(schemas, f"{name}.json").write_text(json.dumps(schema), encoding="utf-8")
        capabilities = str(given.root / "capabilities.json")
        done = _run(
            given.opa,
            *("check", "--strict", "--bundle", "--format=json", f"--schema={schemas}"),
            *(f"--capabilities={capabilities}", "."),
            cwd=folder,
        )
        failures = _errors(done)
        return Report("strict check", len(list(folder.rglob("*.rego"))), failures)


def coverage(given: Tree) -> Report:
    """Every test passes, there are some, and neither a line nor an action is left untested."""
    with workspace(given.opa, given.root) as folder:
        done = _run(given.opa, *_TEST, "--coverage", ".", cwd=folder)
        if done.returncode != 0:
            return _failing(given.opa, folder)
        texts = [file.read_text(encoding="utf-8") for file in folder.rglob("*_test.rego")]
        failures = (*_uncovered(json.loads(done.stdout)), *_unnamed("".join(texts)))
        return Report("tests", sum(len(set(_TESTS.findall(text))) for text in texts), failures)


def _unnamed(tests: str) -> list[str]:
    """A line that judges many actions is covered by the test of one; each is to be thought about."""
    return [f"no test is about {name}" for name in asked_actions() if not re.search(rf'"{re.escape(name)}["/]', tests)]


def _failing(opa: Path, folder: Path) -> Report:
    """Why: asked again, because the run that measures coverage names no test."""
    done = _run(opa, *_TEST, ".", cwd=folder)
    try:
        results: list[dict[str, Any]] = json.loads(done.stdout) or []
    except ValueError:
        return Report("tests", 0, (done.stderr.strip() or done.stdout.strip(),))
    failures = [
        f"{one['location']['file']}:{one['location']['row']} {one['name']}"
        for one in results
        if one.get("fail") or one.get("error")
    ]
    skipped = tuple(one["name"] for one in results if one.get("skip"))
    if not failures and not skipped:
        failures = ["the tests did not end well"]
    return Report("tests", len(results), tuple(failures), skipped)


def _uncovered(said: dict[str, Any]) -> list[str]:
    return [
        f"{file}:{gap['start']['row']} is not covered"
        for file, found in sorted(said["files"].items())
        if not file.endswith("_test.rego")
        for gap in found.get("not_covered", [])
    ]


def words(given: Tree) -> Report:
    """Every check has title, description, code, message, remedy and controls; every word belongs to something."""
    listed = tree.metadata(given.opa, given.root)
    checks = [one for one in listed if "check" in one.get("custom", {})]
    failures = [f"{one['rule']}: no {key}" for one in checks for key in ("title", "description") if not one.get(key)]
    wanted = ("code", "message", "remedy", "controls")
    failures += [f"{one['rule']}: no {key}" for one in checks for key in wanted if key not in one["custom"]]
    try:
        found = tree.registry(given.opa, given.root)
    except TreeError as error:
        return Report("words", len(checks), (str(error),))
    entries = [e for row in found["actions"].values() for e in row.values()]
    failures += [
        f"{entry['rule']}: {entry['code']}: the message is no sentence"
        for entry in [*found["checks"].values(), *entries, *found["obligations"].values()]
        if not str(entry["message"]).endswith(".")
    ]
    return Report("words", len(checks) + len(entries), tuple(failures))


def _errors(done: subprocess.CompletedProcess[str]) -> tuple[str, ...]:
    if done.returncode == 0:
        return ()
    try:
        listed = json.loads(done.stdout or done.stderr).get("errors", [])
    except (ValueError, AttributeError):
        return ((done.stderr or done.stdout).strip() or f"ended with {done.returncode}",)
    return tuple(f"{one['location']['file']}:{one['location']['row']} {one['message']}" for one in listed)


def _run(opa: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Collecting garbage seldom saves a quarter of the processor."""
    environment = {**os.environ, "GOGC": "400"}
    return subprocess.run([opa, *words], cwd=cwd, capture_output=True, text=True, check=False, env=environment)
