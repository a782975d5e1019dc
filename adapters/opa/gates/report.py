"""What a gate found, and how it is printed; judges nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Report:
    """`exempt` are no cases: what cannot be one, each with the reason that is declared beside the gate."""

    name: str
    cases: int
    failures: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """A gate that looked at nothing has not passed, and neither has one that left something out."""
        return not self.failures and not self.skipped and self.cases > 0

    def line(self) -> str:
        return f"{self.name:<22}{self.cases:>6} cases, {len(self.failures)} failed, {len(self.skipped)} skipped"


@dataclass(frozen=True, slots=True)
class Tree:
    """What a gate judges: the pinned tool and the folder of policies."""

    opa: Path
    root: Path


Gate = Callable[[Tree], Report]
