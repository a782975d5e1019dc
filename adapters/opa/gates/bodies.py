"""Runs `policies/checks` over the parsed modules of a tree: what rules hold, where they stand, what they are called."""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from adapters.opa import tree
from adapters.opa.gates.report import Report, Tree


def modules(given: Tree) -> list[dict[str, Any]]:
    """Every Rego file below the tree as {file, ast}, tests included."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(partial(module, given), tree.rego_files(given.root, tests=True)))


def module(given: Tree, name: str) -> dict[str, Any]:
    """One file, named as `tree.rego_files` does."""
    said = tree.run(given.opa, "parse", "--format=json", name, cwd=given.root.parent)
    return {"file": name, "ast": json.loads(said)}


def gate(given: Tree) -> Report:
    """Positive, typed comparisons only; `input` only in main; package = folder; no dead rule; no built-in's name."""
    parsed = modules(given)
    return judge(given, parsed)


def judge(given: Tree, parsed: list[dict[str, Any]]) -> Report:
    capabilities = json.loads((tree.POLICIES / "capabilities.json").read_text(encoding="utf-8"))
    names = sorted({one["name"].split(".")[0] for one in capabilities["builtins"]})
    notes = [
        {"file": one["rule"].split(":")[0], "name": one["path"].rsplit(".", 1)[-1]}
        for one in tree.metadata(given.opa, given.root)
        if "check" in one.get("custom", {})
    ]
    question = {"modules": parsed, "builtins": names, "notes": notes}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "input.json")
        file.write_text(json.dumps(question), encoding="utf-8")
        checks = str(tree.POLICIES / "checks" / "checks.rego")
        command = ("eval", "--format=json", "--data", checks, "--input", str(file), "data.policies.checks.violations")
        said = json.loads(tree.run(given.opa, *command))
    found = said["result"][0]["expressions"][0]["value"]
    return Report("bodies", len(parsed), tuple(sorted(found)))
