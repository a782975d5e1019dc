"""Cells of CSV that a spreadsheet would run as formulas: made harmless on the way out, undone on the way in."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARD = "'"


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it where it begins a formula; then a spreadsheet takes it for text."""
    return f"{_GUARD}{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell before it was guarded: exactly one apostrophe less, hence no text is lost or changed."""
    return cell[1:] if cell.startswith(_GUARD) and _FORMULA.match(cell) else cell
