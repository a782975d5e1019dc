"""JSON Schemas of the contract, flat (no references), as `opa check --schema` and the shape generator want them."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel

from adapters.opa.contract import Answer
from adapters.opa.inputs import input_model
from domain.machines import ACTIONS, FIXED

Schema = dict[str, Any]
DIALECT = "http://json-schema.org/draft-07/schema#"
_DROPPED = ("title", "description", "default", "pattern", "$defs")


def asked_actions() -> tuple[str, ...]:
    """Every action that the policy decides, in the machines' order."""
    return tuple(name for name in ACTIONS if name not in FIXED)


def action_schema(action: str) -> Schema:
    """What the input of one action looks like."""
    return flat(input_model(action))


def answer_schema() -> Schema:
    return flat(Answer)


def flat(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(by_alias=True)
    return _inline(schema, schema.get("$defs", {}))


def _inline(schema: Schema, definitions: Schema) -> Schema:
    """Without references and prose; `name` keeps the model's name for the generated shape checks."""
    if "$ref" in schema:
        return _inline(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    if "anyOf" in schema:
        return _either([_inline(branch, definitions) for branch in schema["anyOf"]])
    found = {key: value for key, value in schema.items() if key not in _DROPPED}
    if schema.get("type") == "object":
        found["name"] = schema["title"]
        found["properties"] = {k: _inline(v, definitions) for k, v in schema.get("properties", {}).items()}
        found["required"] = sorted(schema.get("required", []))
        if isinstance(schema.get("additionalProperties"), dict):
            found["additionalProperties"] = _inline(schema["additionalProperties"], definitions)
    if "items" in schema:
        found["items"] = _inline(schema["items"], definitions)
    return found


def _either(branches: list[Schema]) -> Schema:
    """`x or null` becomes a type list (`opa check` sees through it); scalars merge; other unions stay."""
    if all(set(branch) == {"type"} for branch in branches):
        return {"type": [branch["type"] for branch in branches]}
    values = [branch for branch in branches if branch != {"type": "null"}]
    if len(values) == 1 and len(branches) == 2:
        return {**values[0], "type": [values[0]["type"], "null"]}
    return {"anyOf": branches}


def merged(schemas: list[Schema]) -> Schema:
    """One schema that admits each of `schemas`: what is common to all is exact, where they differ it is their union."""
    first = schemas[0]
    if "anyOf" not in first and all(schema == first for schema in schemas):
        return first
    kinds = sorted({kind for schema in schemas for kind in _types(schema)})
    found: Schema = {"type": kinds[0] if len(kinds) == 1 else kinds}
    objects = [schema for schema in _branches(schemas) if "properties" in schema]
    if objects:
        names = sorted({name for schema in objects for name in schema["properties"]})
        found["properties"] = {
            name: merged([schema["properties"][name] for schema in objects if name in schema["properties"]])
            for name in names
        }
        closed = [schema.get("additionalProperties") for schema in objects]
        found["additionalProperties"] = next((extra for extra in closed if extra is not False), False)
    items = [schema["items"] for schema in _branches(schemas) if "items" in schema]
    if items:
        found["items"] = merged(items)
    values = [value for schema in _branches(schemas) for value in _values(schema)]
    if values and all(_values(schema) for schema in _branches(schemas) if schema.get("type") != "null"):
        found["enum"] = sorted(set(values)) + ([None] if "null" in kinds else [])
    return found


def _branches(schemas: list[Schema]) -> list[Schema]:
    return [branch for schema in schemas for branch in schema.get("anyOf", [schema])]


def _types(schema: Schema) -> list[str]:
    return [
        kind
        for branch in schema.get("anyOf", [schema])
        for kind in (branch["type"] if isinstance(branch["type"], list) else [branch["type"]])
    ]


def _values(schema: Schema) -> list[str]:
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return [value for value in values if isinstance(value, str)]


@cache
def decide_schema() -> Schema:
    """The input of `main.decide`, whatever the action: what `opa check --schema` and the reference checker use."""
    return {"$schema": DIALECT, **merged([action_schema(action) for action in asked_actions()])}


def batch_schema() -> Schema:
    """The input of `main.batch`: questions by any name."""
    one = decide_schema()
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {
            "batch": {"type": "object", "additionalProperties": {k: v for k, v in one.items() if k != "$schema"}}
        },
        "required": ["batch"],
        "additionalProperties": False,
    }
