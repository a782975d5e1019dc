"""A question as it is sent, hashed and kept: one canonical text, checked against the closed contract first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from adapters.opa.inputs import input_model
from domain.ports import Question


class ContractError(Exception):
    """We built a question that the contract does not know: a fault of ours, found before anything was asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    canonical: str
    sha256: bytes


def asked(question: Question) -> Asked:
    """Raises `ContractError` where facts or arguments do not have the agreed form."""
    given: Any = question.input
    action = given["action"]["name"]
    try:
        _validator(action).validate_python(given)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:8])
        raise ContractError(f"{action}: {wrong}") from None
    content = orjson.dumps(given, option=orjson.OPT_SORT_KEYS)
    return Asked(question, content.decode(), hashlib.sha256(content).digest())


@cache
def _validator(action: str) -> TypeAdapter[Any]:
    return TypeAdapter(input_model(action))
