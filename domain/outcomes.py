"""Outcomes as JSON and back: what is kept under an idempotency key and answered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.change import Stored
from domain.command import Outcome, Ref
from domain.money import Money
from domain.refusals import (
    ChangedPrice,
    Conflict,
    Denied,
    IllegalTransition,
    OutOfStock,
    PaymentDeclined,
    PriceChanged,
    Reason,
    Refusal,
    Shortage,
    TooLate,
)

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Conflict,
        IllegalTransition,
        PriceChanged,
        OutOfStock,
        PaymentDeclined,
        TooLate,
        ChangedPrice,
        Shortage,
        Denied,  # of a saga's step: the checkout was undone, and this is why
        Reason,
    )
}


def to_stored(outcome: Outcome) -> dict[str, Any]:
    """The JSON kept: refs by payload field, plain values, a final refusal, the saga that runs."""
    return {
        "nouns": {name: _encode(ref) for name, ref in outcome.nouns.items()},
        "values": {name: _encode(value) for name, value in outcome.values.items()},
        "refusal": None if outcome.refusal is None else _encode(outcome.refusal),
        "saga": None if outcome.saga is None else _encode(outcome.saga),
    }


def from_stored(stored: Stored) -> Outcome:
    """The outcome again, marked as replayed."""
    kept = stored.outcome
    refusal = kept.get("refusal")
    saga = kept.get("saga")
    return Outcome(
        nouns={name: _decode(value) for name, value in kept.get("nouns", {}).items()},
        values={name: _decode(value) for name, value in kept.get("values", {}).items()},
        refusal=None if refusal is None else _decode(refusal),
        replayed=True,
        saga=_decode(saga) if saga is not None and stored.state == "running" else None,
    )


def refusal_to_json(refusal: Refusal) -> dict[str, Any]:
    """A final refusal as JSON, for a purchase that failed."""
    encoded: dict[str, Any] = _encode(refusal)
    return encoded


def refusal_from_json(value: Mapping[str, Any]) -> Refusal:
    """The same refusal again."""
    decoded: Refusal = _decode(value)
    return decoded


def _encode(value: Any) -> Any:
    match value:
        case Ref(noun=noun, home=home, id=id):
            return {"$": "Ref", "noun": noun, "home": str(home), "id": str(id)}
        case Money(minor=minor, currency=currency):
            return {"$": "Money", "minor": minor, "currency": currency}
        case UUID():
            return {"$": "UUID", "value": str(value)}
        case datetime():
            return {"$": "datetime", "value": value.isoformat()}
        case tuple() | list():
            return [_encode(item) for item in value]
        case None | bool() | int() | str():
            return value
    if type(value).__name__ in _KINDS:
        return {"$": type(value).__name__} | {f.name: _encode(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} is not kept in an outcome")


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decode(item) for item in value)
    if not isinstance(value, Mapping):
        return value
    match value["$"]:
        case "Ref":
            return Ref(value["noun"], UUID(value["home"]), UUID(value["id"]))
        case "Money":
            return Money(value["minor"], value["currency"])
        case "UUID":
            return UUID(value["value"])
        case "datetime":
            return datetime.fromisoformat(value["value"])
        case kind:
            return _KINDS[kind](**{name: _decode(item) for name, item in value.items() if name != "$"})
