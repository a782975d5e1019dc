"""The cells of the read, parsed once per process from `policies/matrix`; decides nothing."""

from __future__ import annotations

from functools import cache

from adapters.opa import tree
from domain.visibility import Cells


@cache
def cells() -> Cells:
    """Raises `CellError` where reads.yaml contradicts itself."""
    reads, held_in = tree.cells("reads"), tree.cells("roles")
    return Cells(
        nouns=reads["nouns"],
        open=frozenset(reads["open"]),
        held_in={role: frozenset(kinds) for role, kinds in held_in.items()},
    )
