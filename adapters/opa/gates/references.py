"""Resolves every reference of the rules into question, cells and machines, and compares constants with their enums.

`opa check --schema` sees nothing inside functions; this follows arguments by their names and variables by what they
are bound to. A reference whose root it cannot type is counted as skipped, never as checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.opa import tree
from adapters.opa.gates.bodies import modules
from adapters.opa.gates.report import Report, Tree
from adapters.opa.schemas import Schema, decide_schema

Node = dict[str, Any]
BUILT_IN = frozenset({"internal", "object", "array"})
GENERATED = frozenset({"policies/shared/shape/shape.rego"})  # from the very schemas it would be compared with
# What an argument of this name is, in every rule.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "req": (),
    "subject": ("subject",),
    "resource": ("resource",),
    "organizations": ("resource", "organizations"),
    "effect": ("resource", "effects", "[]"),
    "order": ("resource", "parents", "orders", "[]"),
    "row": ("resource", "parents", "subject"),
}


@dataclass(slots=True)
class _Findings:
    checked: int = 0
    untyped: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Scope:
    """One rule: the types of its variables, and what they were found to be wrong about."""

    file: str
    types: dict[str, Schema]
    packages: set[str]
    documents: dict[str, Any]
    findings: _Findings


def gate(given: Tree) -> Report:
    """No reference into nothing, no comparison with a value that cannot be."""
    findings = _Findings()
    documents = {"policies.matrix": tree.matrix(given.root), "machines": tree.machines()}
    for module in modules(given):
        if module["file"].endswith("_test.rego") or module["file"] in GENERATED:
            continue
        packages = {_alias(one) for one in module["ast"].get("imports", [])}
        for rule in module["ast"].get("rules", []):
            _rule(rule, _Scope(module["file"], {}, packages, documents, findings))
    return Report("references", findings.checked, tuple(sorted(set(findings.wrong))), tuple(findings.untyped))


def _alias(imported: Node) -> str:
    return str(imported.get("alias") or imported["path"]["value"][-1]["value"])


def _rule(rule: Node, scope: _Scope) -> None:
    for argument in rule["head"].get("args", []):
        path = ARGUMENTS.get(str(argument.get("value")))
        if path is not None:
            scope.types[argument["value"]] = _at(decide_schema(), path)
    for node in _nodes(rule):
        _bind(node, scope)
    for node in _nodes(rule):
        if node.get("type") == "ref":
            _reference(node, scope)
        if isinstance(node.get("terms"), list):
            _comparison(node["terms"], scope)


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def _bind(node: Node, scope: _Scope) -> None:
    """Learn the type of a variable from `some x in ref`, `every x in ref` and `x := ref`."""
    if isinstance(node.get("domain"), dict) and isinstance(node.get("value"), dict):
        _learn(node["value"], _item(_type_of(node["domain"], scope)), scope)
    for symbol in node.get("symbols", []) if isinstance(node.get("symbols"), list) else []:
        if symbol.get("type") == "call" and _name(symbol["value"][0]) == "internal.member_2":
            _learn(symbol["value"][1], _item(_type_of(symbol["value"][2], scope)), scope)
    terms = node.get("terms")
    if isinstance(terms, list) and len(terms) == 3 and _name(terms[0]) == "assign":
        _learn(terms[1], _type_of(terms[2], scope), scope)


def _learn(variable: Node, schema: Schema | None, scope: _Scope) -> None:
    if variable.get("type") == "var" and schema is not None:
        scope.types[str(variable["value"])] = schema


def _reference(node: Node, scope: _Scope) -> None:
    root, *rest = node["value"]
    if root.get("type") != "var":
        return
    if root["value"] == "data":
        _data(node, scope)
        return
    if not rest or root["value"] in scope.packages | BUILT_IN:
        return
    schema = scope.types.get(root["value"])
    if schema is None:
        scope.findings.untyped.append(f"{scope.file}: {_name(node)}")
        return
    scope.findings.checked += 1
    if _type_of(node, scope) is None:
        scope.findings.wrong.append(f"{scope.file}: {_name(node)} is no field of the question")


def _type_of(node: Node, scope: _Scope) -> Schema | None:
    if node.get("type") == "var":
        return scope.types.get(str(node["value"]))
    if node.get("type") != "ref" or node["value"][0].get("type") != "var":
        return None
    schema = scope.types.get(str(node["value"][0]["value"]))
    steps = tuple(str(s["value"]) if s.get("type") == "string" else "[]" for s in node["value"][1:])
    return None if schema is None else _step(schema, steps)


def _step(schema: Schema, steps: tuple[str, ...]) -> Schema | None:
    for step in steps:
        found = schema.get("properties", {}).get(step)
        if found is None and step == "[]":
            found = schema.get("items") or next(iter(schema.get("properties", {}).values()), None)
        if found is None and isinstance(schema.get("additionalProperties"), dict):
            found = schema["additionalProperties"]
        if found is None:
            return None
        schema = found
    return schema


def _at(schema: Schema, path: tuple[str, ...]) -> Schema:
    found = _step(schema, path)
    if found is None:
        raise ValueError(f"the question has no {'.'.join(path)}")
    return found


def _item(schema: Schema | None) -> Schema | None:
    return None if schema is None else schema.get("items")


def _comparison(terms: list[Node], scope: _Scope) -> None:
    """A constant that is compared with an enum must be one of its values."""
    if len(terms) != 3 or _name(terms[0]) not in ("equal", "neq", "internal.member_2"):
        return
    left, right = terms[1], terms[2]
    for typed, constants in ((_type_of(left, scope), right), (_type_of(right, scope), left)):
        schema = typed or {}
        allowed: list[Any] = schema.get("enum") or (schema.get("items") or {}).get("enum") or []
        for constant in _strings(constants) if allowed else ():
            scope.findings.checked += 1
            if constant not in allowed:
                scope.findings.wrong.append(f"{scope.file}: {constant!r} is none of {', '.join(map(str, allowed))}")


def _strings(node: Node) -> Iterator[str]:
    if node.get("type") == "string":
        yield node["value"]
    elif node.get("type") in ("set", "array"):
        for item in node["value"]:
            yield from _strings(item)


def _data(node: Node, scope: _Scope) -> None:
    """A path into cells or machines must lead somewhere, whatever its variable parts are."""
    steps = [str(s["value"]) if s.get("type") == "string" else None for s in node["value"][1:]]
    for place, document in scope.documents.items():
        prefix = place.split(".")
        if steps[: len(prefix)] == list(prefix):
            scope.findings.checked += 1
            if not _leads(document, steps[len(prefix) :]):
                scope.findings.wrong.append(f"{scope.file}: {_name(node)} leads nowhere")


def _leads(value: Any, steps: list[str | None]) -> bool:
    if not steps or value == {}:
        return True
    if isinstance(value, dict):
        branches = value.values() if steps[0] is None else [value[steps[0]]] if steps[0] in value else []
    else:
        branches = value if isinstance(value, list) and steps[0] is None else []
    return any(_leads(branch, steps[1:]) for branch in branches)


def _name(node: Node) -> str:
    value = node.get("value")
    if not isinstance(value, list):
        return str(value)
    return ".".join(str(part["value"]) if part.get("type") in ("var", "string") else "[]" for part in value)
