"""The client documents of the contract, each with just the fragments it uses, as a client would send it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from graphql import FragmentDefinitionNode, FragmentSpreadNode, Node, parse, print_ast, visit
from graphql.language import Visitor

FOLDER = Path(__file__).parent / "contract" / "documents"


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.append(node.name.value)


def _spreads(node: Node) -> list[str]:
    found = _Spreads()
    visit(node, found)
    return found.names


@cache
def document(name: str) -> str:
    """The document whose file starts with `name` ("05"), unchanged, followed by the fragments it needs."""
    (file,) = FOLDER.glob(f"{name}*.graphql")
    text = file.read_text(encoding="utf-8")
    known = {
        definition.name.value: definition
        for definition in parse((FOLDER / "_fragments.graphql").read_text(encoding="utf-8")).definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    needed: list[str] = []
    waiting = _spreads(parse(text))
    while waiting:
        name = waiting.pop(0)
        if name in known and name not in needed:
            needed.append(name)
            waiting += _spreads(known[name])
    return "\n".join([text, *(print_ast(known[name]) for name in needed)])
