"""Texts that people send: what is refused wherever it comes in, and what passes."""

from __future__ import annotations

import pytest

from domain.text import LINE, text_violation


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "LENGTH"),
        ("   ", "LENGTH"),
        ("x" * (LINE + 1), "LENGTH"),
        ("a\x00b", "CONTROL_CHARACTER"),
        ("a\x7fb", "CONTROL_CHARACTER"),
        ("a\x9bb", "CONTROL_CHARACTER"),
        ("a\u202eb", "CONTROL_CHARACTER"),
        ("a\u2066b", "CONTROL_CHARACTER"),
        ("a\udcffb", "CONTROL_CHARACTER"),
        ("4111111111111111", "CARD_NUMBER_REFUSED"),
        ("pay 4111/1111/1111/1111", "CARD_NUMBER_REFUSED"),
    ],
)
def test_a_bad_text_is_told_why(text: str, code: str) -> None:
    """One reason, at the field as the client spells it."""
    violation = text_violation("input.title", text, LINE)
    assert violation is not None
    assert (violation.field, violation.code) == (("input", "title"), code)


@pytest.mark.parametrize("text", ["x", "two\r\n\tlines", "\u05d0\u200f!", "\U0001f469\u200d\U0001f527", "4111 1111"])
def test_a_good_text_passes(text: str) -> None:
    """With line breaks, marks of right-to-left scripts, joined emoji, and numbers that are no card's."""
    assert text_violation("title", text, LINE) is None
