"""A scratch copy of the project in which a page is followed to the letter; it runs with the packages installed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.marketplace import PORTCULLIS, ROOT

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGE = "+++ "


@dataclass(frozen=True, slots=True)
class Change:
    """A block of a page that says how one file changes; `old` stands in the file exactly once."""

    path: str
    old: str
    new: str

    def undone(self) -> Change:
        return Change(self.path, self.new, self.old)


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return [text for kind, text in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8")) if kind == language]


def changes(page: str) -> list[Change]:
    """Every change that a page asks for, in order."""
    return [_change(text) for text in blocks(page, "diff")]


def _change(text: str) -> Change:
    head, *lines = text.splitlines(keepends=True)
    assert head.startswith(_CHANGE), head
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    return Change(head.removeprefix(_CHANGE).strip(), old, new)


@dataclass(frozen=True, slots=True)
class Scratch:
    """A copy of the project that runs with our interpreter; its own packages come before the installed ones."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder)}

    def apply(self, change: Change) -> None:
        file = self.folder / change.path
        text = file.read_text(encoding="utf-8")
        assert text.count(change.old) == 1, (change.path, change.old)
        file.write_text(text.replace(change.old, change.new), encoding="utf-8")

    @contextmanager
    def without(self, *left_out: Change) -> Iterator[None]:
        """As if these changes had been forgotten."""
        for change in left_out:
            self.apply(change.undone())
        try:
            yield
        finally:
            for change in left_out:
                self.apply(change)

    def portcullis(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run(str(PORTCULLIS), *words)

    def pytest(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words)

    def python(self, code: str) -> str:
        """What one line of Python prints there."""
        done = self._run(sys.executable, "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def shell(self, script: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """A block of a page, in one shell of its own."""
        return subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)


def copy_to(folder: Path) -> Scratch:
    """Every file that git tracks or would track, as it stands now, in a repository of its own."""
    listed = _git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in sorted(set(listed)):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    return Scratch(folder)


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout
