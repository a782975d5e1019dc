"""Bounds what validation compares: fields of one name at one place are compared in pairs, so their squares count."""

from __future__ import annotations

from collections import Counter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gateway.errors import RefusedError

MOST_PAIRS = 5_000
MOST_VISITS = 4_000


def check_overlap(document: DocumentNode) -> None:
    """Raises `RefusedError` COST_TOO_HIGH when fields of equal names meet too often."""
    walk = _Walk(document)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            walk.visit(node.selection_set, 0, frozenset())
    if sum(count * count for count in walk.met.values()) > MOST_PAIRS:
        raise _too_high()


class _Walk:
    """Walks a document with its fragments spread, giving each path of response names a number."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._paths: dict[tuple[int, str], int] = {}
        self._visits = 0
        self.met: Counter[int] = Counter()

    def visit(self, selections: SelectionSetNode | None, path: int, spread: frozenset[str]) -> None:
        for node in selections.selections if selections else ():
            self._visits += 1
            if self._visits > MOST_VISITS:
                raise _too_high()
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                place = self._paths.setdefault((path, name), len(self._paths) + 1)
                self.met[place] += 1
                self.visit(node.selection_set, place, spread)
            elif isinstance(node, InlineFragmentNode):
                self.visit(node.selection_set, path, spread)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments.get(node.name.value)
                if fragment is not None and node.name.value not in spread:
                    self.visit(fragment.selection_set, path, spread | {node.name.value})


def _too_high() -> RefusedError:
    return RefusedError("COST_TOO_HIGH", "It names the same fields at the same place too often.")
