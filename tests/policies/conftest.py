"""The pinned engine, and copies of the policy tree in which tests plant what a gate has to find."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters import tools
from adapters.opa import tree
from adapters.opa.gates.report import Tree
from wiring.settings import Settings


@dataclass(frozen=True, slots=True)
class Planting:
    """A copy of `policies/` that a test spoils."""

    tree: Tree

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` in one file; a test whose `old` is gone plants nothing and must not pass."""
        file = self.tree.root / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer has {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """A new file, or more of one that is there."""
        file = self.tree.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write(text)

    def remove(self, name: str) -> None:
        (self.tree.root / name).unlink()


@pytest.fixture(scope="session")
def opa() -> Path:
    return tools.ensure(tools.OPA, Settings().tools)


@pytest.fixture
def planting(opa: Path, tmp_path: Path) -> Planting:
    """The tree as it is committed, for one test alone."""
    return planted(opa, tmp_path)


def planted(opa: Path, folder: Path) -> Planting:
    shutil.copytree(tree.POLICIES, folder / "policies")
    return Planting(Tree(opa, folder / "policies"))
