"""Cells that a spreadsheet would run: none leaves, and each comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.spreadsheets import guarded, unguarded


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_a_formula_is_guarded(cell: str) -> None:
    """By an apostrophe."""
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Desk lamp", "a=b", "'quoted'", "'", "3-way plug"])
def test_other_cells_stay(cell: str) -> None:
    """In both directions."""
    assert guarded(cell) == cell == unguarded(cell)


@given(st.text("'=+-@\t a") | st.text())
def test_every_cell_comes_back(cell: str) -> None:
    """Also one that had apostrophes already; and none that leaves begins a formula."""
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in set("=+-@\t\r\n")
