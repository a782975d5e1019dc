"""Resolves every reference of the rules into question, cells, words, machines and other packages; enums as well.

`opa check --schema` sees nothing inside functions; this follows arguments by their names and variables by what they
are bound to. A reference whose root it cannot type is wrong too: an argument's name has to say what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.opa import tree
from adapters.opa.gates.bodies import modules
from adapters.opa.gates.report import Report, Tree
from adapters.opa.schemas import Schema, answer_schema, batch_schema, decide_schema

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
    "parents": ("resource", "parents"),
}
# What is no part of the question. Of `main`, whose other entry points say what they read by METADATA, `batch` is left.
OTHERS: dict[str, Schema] = {
    "answer": answer_schema(),
    "checks": {"type": "object", "additionalProperties": {"type": "boolean"}},
    "input": batch_schema(),
}


@dataclass(slots=True)
class _Findings:
    checked: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Scope:
    """One rule: the types of its variables, and what they were found to be wrong about."""

    file: str
    types: dict[str, Schema]
    packages: dict[str, set[str]]  # by the name they are imported under, what stands in them
    documents: dict[str, Any]
    findings: _Findings


def gate(given: Tree) -> Report:
    """No reference into nothing, no comparison with a value that cannot be."""
    findings = _Findings()
    documents = {
        "policies.matrix": tree.matrix(given.root),
        "policies.registry": tree.registry(given.opa, given.root),
        "machines": tree.machines(),
    }
    judged = [module for module in modules(given) if not module["file"].endswith("_test.rego")]
    rules = _rules_of(judged)
    for module in judged:
        if module["file"] in GENERATED:
            continue
        packages = {_alias(one): _imported(one, rules, module["file"], findings) for one in _imports(module)}
        for rule in module["ast"].get("rules", []):
            _rule(rule, _Scope(module["file"], dict(OTHERS), packages, documents, findings))
    return Report("references", findings.checked, tuple(sorted(set(findings.wrong))))


def _rules_of(judged: list[Node]) -> dict[str, set[str]]:
    """The names of the rules of every package."""
    found: dict[str, set[str]] = {}
    for module in judged:
        names = {str(rule["head"]["name"]) for rule in module["ast"].get("rules", [])}
        found.setdefault(_path(module["ast"]["package"]["path"]), set()).update(names)
    return found


def _imports(module: Node) -> list[Node]:
    return list(module["ast"].get("imports", []))


def _imported(imported: Node, rules: dict[str, set[str]], file: str, findings: _Findings) -> set[str]:
    findings.checked += 1
    name = _path(imported["path"]["value"])
    if name not in rules:
        findings.wrong.append(f"{file}: there is no package {name} to import")
    return rules.get(name, set())


def _path(parts: list[Node]) -> str:
    return ".".join(str(part["value"]) for part in parts[1:])


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
    if not rest or root["value"] in BUILT_IN:
        return
    scope.findings.checked += 1
    if root["value"] in scope.packages:
        if str(rest[0]["value"]) not in scope.packages[root["value"]]:
            scope.findings.wrong.append(f"{scope.file}: {_name(node)} is no rule of that package")
    elif root["value"] not in scope.types:
        scope.findings.wrong.append(f"{scope.file}: {_name(node)}: the name {root['value']} does not say what it is")
    elif _type_of(node, scope) is None:
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
            return
    scope.findings.checked += 1
    scope.findings.wrong.append(f"{scope.file}: {_name(node)} is neither cells, words nor machines")


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
