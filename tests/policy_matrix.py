"""The committed decision matrix, read back from its text: what it promises about one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from adapters.opa import tree
from adapters.opa.gates.decision_matrix import FILE

CHECKS = (
    *("shape", "known", "present", "tenancy", "role", "maintenance", "separation", "effects", "grantee"),
    *("fitting_role", "conflict", "membership", "vendor_active", "vendors_active", "audience", "state"),
)
_CHECK = "|".join(CHECKS)
_REFUSED = re.compile(rf"^(?P<where>.*?) +(?P<why>(?:{_CHECK})(?:, (?:{_CHECK}))*)$")


@dataclass(frozen=True, slots=True)
class Cell:
    """`told`: the states from which it is allowed, or the checks that fail in every state; nothing where hidden."""

    kind: Literal["allowed", "refused", "hidden"]
    told: tuple[str, ...] = ()


@cache
def cells() -> dict[tuple[str, str, str], Cell]:
    """By action, role and relation."""
    found: dict[tuple[str, str, str], Cell] = {}
    action = ""
    for line in (tree.POLICIES / FILE).read_text(encoding="utf-8").splitlines()[2:]:
        if line.startswith(("  + ", "  - ", "  ? ")):
            role, rest = line[4:25].strip(), line[25:]
            for relation, cell in _read(line[2], rest):
                assert (action, role, relation) not in found, line
                found[action, role, relation] = cell
        elif line and not line.startswith(" "):
            action = line.split(" ")[0]
    return found


def _read(mark: str, rest: str) -> list[tuple[str, Cell]]:
    if mark == "?":
        return [(relation, Cell("hidden")) for relation in rest.split("; ")]
    if mark == "+":
        where, states = rest[:40].rstrip(), rest[40:].strip()
        return [(where, Cell("allowed", tuple(states.split(", "))))]
    read = _REFUSED.match(rest)
    assert read is not None, rest
    why = tuple(read["why"].split(", "))
    return [(relation, Cell("refused", why)) for relation in read["where"].strip().split("; ")]
