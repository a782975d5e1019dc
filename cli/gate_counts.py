"""How many cases a gate had, how many failed and were skipped, read off what its program left behind."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

_LINE = re.compile(r"(\d+) cases, (\d+) failed, (\d+) skipped")
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """A gate without cases proves nothing, and a skipped case is no proof."""

    cases: int
    failed: int
    skipped: int = 0

    @property
    def is_good(self) -> bool:
        return self.cases > 0 and self.failed == 0 and self.skipped == 0

    def __str__(self) -> str:
        return f"{self.cases} cases, {self.failed} failed, {self.skipped} skipped"


def by_exit(done: Done, junit: Path) -> Counts:
    """The program's own last such line; else it was one case, and its exit code tells."""
    told = _LINE.findall(done.stdout)
    if told:
        cases, failed, skipped = (int(number) for number in told[-1])
        return Counts(cases, failed, skipped)
    return Counts(1, int(done.returncode != 0))


def by_junit(done: Done, junit: Path) -> Counts:
    if not junit.is_file():
        return Counts(0, 1)
    suites = ET.parse(junit).getroot().iter("testsuite")  # noqa: S314 -- pytest wrote it a moment ago
    read = [{name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")} for suite in suites]
    return Counts(
        cases=sum(suite["tests"] for suite in read),
        failed=sum(suite["failures"] + suite["errors"] for suite in read),
        skipped=sum(suite["skipped"] for suite in read),
    )


def by_pyright(done: Done, junit: Path) -> Counts:
    """One case is one file."""
    try:
        summary = json.loads(done.stdout)["summary"]
    except (ValueError, KeyError):
        return Counts(0, 1)
    return Counts(summary["filesAnalyzed"], summary["errorCount"])
