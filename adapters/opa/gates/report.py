"""What a gate found, and how it is printed; judges nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    cases: int
    failures: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """A gate that looked at nothing has not passed."""
        return not self.failures and self.cases > 0

    def line(self) -> str:
        return f"{self.name:<22}{self.cases:>6} cases, {len(self.failures)} failed, {len(self.skipped)} skipped"


@dataclass(frozen=True, slots=True)
class Tree:
    """What a gate judges: the pinned tool and the folder of policies."""

    opa: Path
    root: Path


Gate = Callable[[Tree], Report]
