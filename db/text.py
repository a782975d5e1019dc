"""SQL files as statements: drivers take one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A quoted text, a dollar-quoted body and a comment may hold semicolons.
_PARTS = re.compile(r"(\$\w*\$).*?\1|'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|;", re.DOTALL)


def statements(text: str) -> Iterator[str]:
    """The statements of one file, without their semicolons and without the comments between them."""
    start = 0
    for found in _PARTS.finditer(text):
        if found.group() == ";":
            yield from _statement(text[start : found.start()])
            start = found.end()
    yield from _statement(text[start:])


def _statement(text: str) -> Iterator[str]:
    bare = re.sub(r"\A(\s*--[^\n]*\n|\s+)+", "", text.rstrip() + "\n").strip()
    if bare:
        yield bare
