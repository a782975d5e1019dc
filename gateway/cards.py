"""Looks for payment card numbers anywhere in a request; what such a number is says `domain/cards.py`."""

from __future__ import annotations

from typing import Any

from domain.cards import has_card_number


def holds_card_number(value: Any) -> bool:
    """Whether some text inside a JSON value holds one, names of members included."""
    if isinstance(value, str):
        return has_card_number(value)
    if isinstance(value, dict):
        return any(has_card_number(key) or holds_card_number(item) for key, item in value.items())
    return isinstance(value, list) and any(map(holds_card_number, value))
