"""Builds the three bundles, byte for byte the same from the same sources: rules, machines and authz; loads none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.opa import tree

Files = dict[str, bytes]
BUNDLES = ("authz", "rules", "machines")


def canonical(value: Any) -> bytes:
    """JSON as OPA hashes it: sorted keys, no blanks, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


def rules(opa: Path, revision: int, root: Path = tree.POLICIES) -> Files:
    """A policy revision: Rego, cells and words. `revision` is its number, as the database has it."""
    return {
        ".manifest": _manifest(str(revision), ["policies"]),
        **tree.rego_files(root),
        "policies/matrix/data.json": canonical(tree.matrix(root)),
        "policies/registry/data.json": canonical(tree.registry(opa, root)),
    }


def machines() -> Files:
    """What the running release can do; changes with it and not with a revision."""
    data = canonical(tree.machines())
    return {".manifest": _manifest("release", ["machines"]), "machines/data.json": data}


def authz() -> Files:
    """Which calls the engine answers at all; a bundle, because a loose file could be replaced by a revision."""
    file = tree.AUTHZ / "system" / "authz.rego"
    return {".manifest": _manifest("release", ["system"]), "system/authz.rego": file.read_bytes()}


def _manifest(revision: str, roots: list[str]) -> bytes:
    return canonical({"revision": revision, "roots": roots, "rego_version": 1})


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold exactly `files`."""
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    for name, content in files.items():
        file = draft / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)


def write_all(folder: Path, opa: Path, revision: int, root: Path = tree.POLICIES) -> None:
    """`folder`/{authz,rules,machines}, each to be loaded with `--bundle`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(folder / "authz", authz())
    write(folder / "rules", rules(opa, revision, root))
    write(folder / "machines", machines())
