"""What a document may cost at most, in one pass: depth, fields, rows of pages and the values in them; knows no types.

Every fragment is measured once, so time is linear in the document whatever fragments multiply to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from gateway.errors import RefusedError

DEEPEST = 15
MOST_FIELDS = 2_000
MOST_ROWS = 10_000
MOST_VALUES = 15_000
CHEAPER = 4
PAGE = ("first", "last")


@dataclass(frozen=True, slots=True)
class Cost:
    """`rows` is what pages can return at the leaves, `values` every field of every row: sizes multiply downwards and
    add up sideways.
    """

    fields: int = 0
    depth: int = 0
    rows: int = 0
    values: int = 0

    def beside(self, other: Cost) -> Cost:
        fields, depth = self.fields + other.fields, max(self.depth, other.depth)
        return Cost(fields, depth, self.rows + other.rows, self.values + other.values)


class Measure:
    """Measures one document with one set of variables; raises `RefusedError` COST_TOO_HIGH above a limit."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, Any], defaults: Mapping[str, int]) -> None:
        self._operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._given = variables
        self._values: Mapping[str, Any] = variables
        self._defaults = defaults
        self._known: dict[str, Cost] = {}
        self.page_variables: set[str] = set()

    def check(self) -> Cost:
        """The dearest of the operations; each must keep within the limits."""
        dearest = Cost()
        for operation in self._operations:
            preset = {
                node.variable.name.value: int(node.default_value.value)
                for node in operation.variable_definitions or ()
                if isinstance(node.default_value, IntValueNode)
            }
            self._values = {**preset, **self._given}
            self._known.clear()
            dearest = max(dearest, self._of(operation.selection_set, 1), key=lambda cost: cost.fields)
        return dearest

    def _of(self, selections: SelectionSetNode | None, level: int) -> Cost:
        total = Cost()
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node, level))
            elif isinstance(node, InlineFragmentNode):
                total = total.beside(self._of(node.selection_set, level))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value, level))
            self._bound(total, level)
        return total

    def _field(self, node: FieldNode, level: int) -> Cost:
        below = self._of(node.selection_set, level + 1)
        size = self._page(node)
        rows = below.rows if size is None else size * max(1, below.rows)
        values = 1 + (size or 1) * below.values
        if node.name.value.startswith("__"):  # the schema about itself comes from memory
            values //= CHEAPER
        return Cost(below.fields + 1, below.depth + 1, rows, values)

    def _fragment(self, name: str, level: int) -> Cost:
        """Unknown fragments and circles cost nothing here: validation refuses them next."""
        if name not in self._known:
            self._known[name] = Cost()
            fragment = self._fragments.get(name)
            self._known[name] = self._of(fragment.selection_set if fragment else None, level)
        return self._known[name]

    def _page(self, node: FieldNode) -> int | None:
        for argument in node.arguments or ():
            if argument.name.value in PAGE:
                value = argument.value
                if isinstance(value, IntValueNode):
                    return max(1, int(value.value[:12]))
                if isinstance(value, VariableNode):
                    self.page_variables.add(value.name.value)
                    given = self._values.get(value.name.value)
                    if isinstance(given, int | float):
                        return max(1, int(given))
        return self._defaults.get(node.name.value)

    @staticmethod
    def _bound(cost: Cost, level: int) -> None:
        """`level` bounds what lies above, `depth` what lies below; fragments are bounded where they are spread."""
        if cost.depth + level - 1 > DEEPEST:
            raise _too_high(f"It is nested deeper than {DEEPEST} levels.")
        if cost.fields > MOST_FIELDS:
            raise _too_high(f"It asks for more than {MOST_FIELDS} fields.")
        if cost.rows > MOST_ROWS:
            raise _too_high(f"Its pages multiply to more than {MOST_ROWS} rows.")
        if level == 1 and cost.values > MOST_VALUES:
            raise _too_high(f"Its rows have more than {MOST_VALUES} values.")


def _too_high(message: str) -> RefusedError:
    return RefusedError("COST_TOO_HIGH", message)
