"""The parameters of one GraphQL request, checked by type; what they mean is checked later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Parameters:
    query: str
    operation_name: str | None
    variables: Mapping[str, Any]


def parameters(body: Any) -> Parameters:
    """Unknown members and `extensions` are left alone; several operations in one body are refused."""
    if not isinstance(body, dict):
        raise _bad("The body must be one JSON object; several operations in one body are not accepted.")
    query, name = body.get("query"), body.get("operationName")
    variables, extensions = body.get("variables"), body.get("extensions")
    if not isinstance(query, str):
        raise _bad("`query` must be the text of a GraphQL document.")
    if name is not None and not isinstance(name, str):
        raise _bad("`operationName` must be a text or null.")
    if variables is not None and not isinstance(variables, dict):
        raise _bad("`variables` must be an object or null.")
    if extensions is not None and not isinstance(extensions, dict):
        raise _bad("`extensions` must be an object or null.")
    return Parameters(query, name, variables or {})


def _bad(message: str) -> RefusedError:
    return RefusedError("BAD_REQUEST", message)
