"""Everything about policies that is generated and committed; `portcullis derive` writes it, `make check` compares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from adapters.opa.capabilities import capabilities
from adapters.opa.gates.decision_matrix import FILE, decision_matrix
from adapters.opa.schemas import (
    DIALECT,
    Schema,
    action_schema,
    answer_schema,
    asked_actions,
    batch_schema,
    decide_schema,
)
from adapters.opa.shapes import shape_module

SCHEMAS = "policies/schemas"


def generate() -> dict[str, str]:
    """Path below the repository -> text; needs no engine."""
    return {
        "policies/shared/shape/shape.rego": shape_module(),
        f"{SCHEMAS}/decide.json": _json(decide_schema()),
        f"{SCHEMAS}/batch.json": _json(batch_schema()),
        f"{SCHEMAS}/answer.json": _json({"$schema": DIALECT, **answer_schema()}),
        **{
            f"{SCHEMAS}/actions/{action}.json": _json({"$schema": DIALECT, **action_schema(action)})
            for action in asked_actions()
        },
    }


def generate_with_opa(opa: Path) -> dict[str, str]:
    """What needs the engine: the decision matrix and the list of built-ins that policies may use."""
    return {
        "policies/capabilities.json": capabilities(opa),
        f"policies/{FILE}": decision_matrix(opa),
    }


def _json(value: Schema) -> str:
    return json.dumps(_without_names(value), indent=1, sort_keys=True) + "\n"


def _without_names(value: Any) -> Any:
    """The models' names serve the generator of Rego alone."""
    if isinstance(value, dict):
        inner = {key: _without_names(item) for key, item in value.items()}
        return {k: v for k, v in inner.items() if not (k == "name" and isinstance(v, str))}
    return [_without_names(item) for item in value] if isinstance(value, list) else value
