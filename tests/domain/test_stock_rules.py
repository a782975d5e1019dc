"""Corrections of stock, and notes."""

from __future__ import annotations

import pytest

from domain.effects import Advance, Create, StockMove, VaultPut
from domain.inventory.facts import StockHad
from domain.plan import Plan
from domain.refusals import OutOfStock, Refusal
from domain.timeline.facts import NoteToBe
from tests.domain.asking import PERSON, ROW, VOLTWORKS, asked, codes, journalled, only, planned, ref, row

VARIANT = ref("variant", ROW, VOLTWORKS)


def adjusted(delta: int, on_hand: int = 10, reserved: int = 4, reason: str = "counted anew") -> Plan | Refusal:
    resource = row("stock", "live", StockHad(VARIANT, "VW-SOCKET", on_hand, reserved), 2)
    return asked("stock.adjust", resource, delta=delta, _reason=reason)


@pytest.mark.parametrize("delta", [1, 1_000_000, -6])
def test_stock_moves_by_a_difference(delta: int) -> None:
    """The stock row moves a version; what is held stays held."""
    plan = planned(adjusted(delta))
    move = only(plan, StockMove)
    assert (move.on_hand, move.reserved, only(plan, Advance).version) == (delta, 0, 2)
    assert plan.nouns == {"variant": VARIANT}


def test_every_correction_keeps_its_own_reason() -> None:
    """In the vault, under an id that the journal names; the words are not in the journal."""
    plan = planned(adjusted(1))
    kept = only(plan, VaultPut)
    assert str(kept.subject) in journalled(plan)
    assert "counted" not in journalled(plan)


def test_what_is_held_cannot_be_taken_away() -> None:
    """Six of ten are free; taking seven is refused and says what is free."""
    answer = adjusted(-7)
    assert isinstance(answer, OutOfStock)
    assert (answer.lines[0].sku, answer.lines[0].requested, answer.lines[0].available) == ("VW-SOCKET", 7, 6)


@pytest.mark.parametrize("delta", [0, 1_000_001, -1_000_001])
def test_a_correction_is_bounded(delta: int) -> None:
    """Nothing is no correction, and neither is a typing error of a billion."""
    assert codes(adjusted(delta)) == {("delta", "RANGE")}
    assert codes(adjusted(1, on_hand=1_000_000_000)) == {("delta", "LIMIT_REACHED")}


def noted(text: str, visibility: str = "platform") -> Plan | Refusal:
    resource = row("note", None, NoteToBe(ref("order", ROW, VOLTWORKS)))
    return asked("note.add", resource, subject=ref("order", ROW), _text=text, visibility=visibility)


def test_a_note_lives_with_its_subject() -> None:
    """Who wrote it about what is journalled; the words are in the vault."""
    plan = planned(noted(" Please call before delivery. "))
    created = only(plan, Create)
    assert (created.organization, created.row["subject_noun"], created.row["author"]) == (VOLTWORKS, "order", PERSON)
    assert only(plan, VaultPut).text == "Please call before delivery."
    assert "call" not in journalled(plan)


@pytest.mark.parametrize(("text", "code"), [("", "LENGTH"), ("x" * 4_001, "LENGTH"), ("a\x00", "CONTROL_CHARACTER")])
def test_a_note_is_bounded(text: str, code: str) -> None:
    """1 to 4,000 characters, none of them NUL."""
    assert codes(noted(text)) == {("text", code)}
