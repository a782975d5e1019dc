"""The policy tree on disk, read as data: cells, words and files; it starts OPA only to read METADATA."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from adapters.opa.contract import ROLES
from adapters.opa.files import FORMS, TreeError, read
from domain.machines import ACTIONS, MACHINES

SOURCE = Path(__file__).resolve().parents[2]
POLICIES = SOURCE / "policies"
AUTHZ = Path(__file__).resolve().parent / "authz"
EXTRA_ROLES = ("system", "anyone")


def rego_files(root: Path = POLICIES, *, tests: bool = False) -> dict[str, bytes]:
    """Path below the tree's parent -> content, in a fixed order; `checks/` judges policies and is none itself."""
    return {
        f"policies/{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*.rego"))
        if (tests or not path.name.endswith("_test.rego")) and path.relative_to(root).parts[0] != "checks"
    }


@cache
def cells(name: str, root: Path = POLICIES) -> Any:
    """One file of the matrix."""
    return read(root / "matrix" / f"{name}.yaml")


@cache
def rows(root: Path = POLICIES) -> dict[str, dict[str, str]]:
    """Role and scope by action, of every noun; two files must not speak of one action."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((root / "matrix").glob("*.yaml")):
        if path.stem in FORMS:
            continue
        for action, row in cells(path.stem, root).items():
            if action in found:
                raise TreeError(f"{path.name}: {action} has a row in another file already")
            found[action] = row
    return found


def matrix(root: Path = POLICIES) -> dict[str, Any]:
    """`data.policies.matrix`, as the rules read it."""
    held_in = cells("roles", root)
    if tuple(held_in) != ROLES:
        raise TreeError("roles.yaml: not the roles of the contract, in its order")
    return {
        "actions": rows(root),
        "roles": {"order": [*held_in, *EXTRA_ROLES], "held_in": held_in},
        **{name: cells(name, root) for name in FORMS if name != "roles"},
    }


def machines() -> dict[str, Any]:
    """`data.machines`: states, edges and `apart_from` of the running release."""
    return {
        "nouns": {noun: {"home": machine.home, "states": list(machine.states)} for noun, machine in MACHINES.items()},
        "actions": {
            action.name: {
                "noun": noun,
                "creates": action.creates,
                "decider": action.decider,
                "apart_from": list(action.apart_from),
                "edges": _edges(action.edges()),
            }
            for noun, machine in MACHINES.items()
            for action in machine.actions
        },
    }


def _edges(edges: tuple[tuple[str | None, str], ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, target in edges:
        found.setdefault(source or "", []).append(target)
    return found


def metadata(opa: Path, root: Path = POLICIES) -> list[dict[str, Any]]:
    """METADATA of every rule and package: {title, description, custom, scope, package, rule}."""
    said = run(opa, "inspect", "-a", "-f", "json", "policies", cwd=root.parent)
    found = []
    for item in json.loads(said).get("annotations", []):
        file, row = item["location"]["file"], item["location"]["row"]
        if not file.endswith("_test.rego"):
            path = ".".join(str(part["value"]) for part in item["path"][1:])
            found.append({**item["annotations"], "path": path, "rule": f"{file}:{row}"})
    return sorted(found, key=lambda one: (one["rule"].split(":")[0], one["path"]))


def registry(opa: Path, root: Path = POLICIES) -> dict[str, Any]:
    """`data.policies.registry`: the words of every check, those for one action first, and of every obligation."""
    checks: dict[str, Any] = {}
    actions: dict[str, dict[str, Any]] = {}
    obligations: dict[str, Any] = {}
    listed = metadata(opa, root)
    for one in listed:
        custom = one.get("custom", {})
        if "check" in custom:
            if custom["check"] in checks:
                raise TreeError(f"{one['rule']}: the check {custom['check']} is described twice")
            checks[custom["check"]] = _words(custom, one["rule"], ())
        for kind in custom.get("obligations", {}):
            obligations[kind] = _words(custom["obligations"][kind], one["rule"], ())
    for one in listed:
        for check, by_action in one.get("custom", {}).get("words", {}).items():
            for action, words in by_action.items():
                if check not in checks or action not in ACTIONS:
                    raise TreeError(f"{one['rule']}: words for {check} of {action}, which there is not")
                actions.setdefault(action, {})[check] = _words(words, one["rule"], checks[check]["controls"])
    return {"checks": checks, "actions": actions, "obligations": obligations}


def _words(custom: Mapping[str, Any], rule: str, controls: Any) -> dict[str, Any]:
    return {
        "code": custom["code"],
        "message": custom["message"],
        "remedy": custom.get("remedy"),
        "controls": list(custom.get("controls", controls)),
        "rule": rule,
    }


def digest(root: Path = POLICIES) -> bytes:
    """SHA-256 over everything a revision consists of; tests are no part of it."""
    cells_of = {f"policies/matrix/{p.name}": p.read_bytes() for p in sorted((root / "matrix").glob("*.yaml"))}
    total = hashlib.sha256()
    for name, content in sorted({**rego_files(root), **cells_of}.items()):
        total.update(f"{len(name)}:{name}{len(content)}:".encode())
        total.update(content)
    return total.digest()


def run(opa: Path, *words: str, cwd: Path | None = None) -> bytes:
    """Run the pinned tool; raises `TreeError` with what it said when it refuses."""
    done = subprocess.run([opa, *words], cwd=cwd, capture_output=True, check=False)
    if done.returncode != 0:
        raise TreeError((done.stderr or done.stdout).decode(errors="replace").strip())
    return done.stdout
