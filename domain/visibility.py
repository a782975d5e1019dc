"""How far a viewer sees, by the cells of `policies/matrix/reads.yaml`; Rego's `visible` reads the same cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Reach = Literal["none", "own", "organization", "counterpart", "all"]
REACHES: tuple[Reach, ...] = get_args(Reach)  # from narrow to wide
ANYONE = "anyone"


class CellError(ValueError):
    """The cells ask for something they cannot mean; raised when they are loaded."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Noun -> field group -> role -> reach; `open` nouns are known to everybody once on sale.

    `held_in` says in which kinds of organization a role counts.
    """

    nouns: Mapping[str, Mapping[str, Mapping[str, Reach]]]
    open: frozenset[str]
    held_in: Mapping[str, frozenset[str]]
    _reaches: dict[tuple[str, str, tuple[str, ...], str], Reach] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # looked up several times a statement; as many as there are groups, sets of roles and kinds

    def __post_init__(self) -> None:
        for noun, groups in self.nouns.items():
            if "summary" not in groups:
                raise CellError(f"{noun}: no group `summary`")
            for group, row in groups.items():
                self._check_row(f"{noun}.{group}", row)

    def _check_row(self, where: str, row: Mapping[str, Reach]) -> None:
        for role, reach in row.items():
            if reach not in REACHES or (role != ANYONE and role not in self.held_in):
                raise CellError(f"{where}: {role}: {reach}")
        for kind in {kind for kinds in self.held_in.values() for kind in kinds}:
            sides = {reach for role, reach in row.items() if role == ANYONE or kind in self.held_in[role]}
            if {"organization", "counterpart"} <= sides:
                raise CellError(f"{where}: in a {kind} organization both `organization` and `counterpart`")


def reach_of(cells: Cells, noun: str, group: str, roles: Iterable[str], kind: str) -> Reach:
    """The widest reach of a signed-in person who holds `roles` in an organization of `kind`."""
    asked = (noun, group, tuple(roles), kind)
    known = cells._reaches.get(asked)  # noqa: SLF001 -- they are this function's
    if known is None:
        row = cells.nouns.get(noun, {}).get(group, {})
        counting = [ANYONE, *(role for role in asked[2] if kind in cells.held_in.get(role, ()))]
        found: list[Reach] = [row.get(role, "none") for role in counting]
        known = cells._reaches[asked] = max(found, key=REACHES.index)  # noqa: SLF001
    return known


def is_open(cells: Cells, noun: str, group: str) -> bool:
    """Whether everybody, signed in or not, sees this group of what is on sale."""
    return noun in cells.open and group == "summary"
