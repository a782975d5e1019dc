"""What the pages name is there: a page that speaks of files that are gone misleads whoever trusts it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.governance.test_house import ROOT, tracked

PAGES = [page for page in tracked(".md") if page.parent in (ROOT, ROOT / "docs") or page.parent.parent == ROOT / "docs"]
_QUOTED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
_CHANGED = re.compile(r"^\+\+\+ (\S+)$", re.MULTILINE)
_ANY = re.compile(r"<(?:room|noun)>")  # `db/<room>.py`: at least one
# A path of the project: from its root, with a folder or an ending that files of ours have. Addresses begin with `/`.
_PATH = re.compile(r"(?:[\w.*-]+/)+[\w.*-]*|[\w*-]+\.(?:py|sql|rego|yaml|json|csv|md|toml|lock|txt|graphql)")
# Made when it runs, or by whoever follows the page.
MADE = re.compile(r"\.venv/|\.portcullis|run/|logs/|keys/|postgres/|opa/|.*payments\.db|opa\.yaml|catalog\.csv")


@cache
def names() -> frozenset[str]:
    return frozenset(path.name for path in ROOT.rglob("*") if ".venv" not in path.parts and path.is_file())


def there(name: str, page: Path) -> bool:
    """From the root or beside the page; a bare name may be one of the room that the sentence is about."""
    found = any(any(folder.glob(name.rstrip("/"))) for folder in (ROOT, page.parent))
    return found or ("/" not in name and any(Path(one).match(name) for one in names()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    """Paths in backticks, links, and the files that a page tells to change."""
    text = page.read_text(encoding="utf-8")
    quoted = [_ANY.sub("*", name) for name in _QUOTED.findall(text)]
    quoted = [name for name in quoted if _PATH.fullmatch(name) and not MADE.match(name)]
    named = {*quoted, *_LINK.findall(text), *_CHANGED.findall(text)}
    assert [name for name in sorted(named) if not there(name, page)] == []


def test_pages_are_looked_at() -> None:
    """The tour alone names two dozen files."""
    tour = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
    assert len([name for name in _QUOTED.findall(tour) if _PATH.fullmatch(name)]) > 20
