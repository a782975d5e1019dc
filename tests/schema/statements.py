"""What PostgreSQL itself was asked: the statements that its log says one role ran in one database, in their order.

`log_statement = 'all'` is set for that role (see `conftest.py`); the server writes each statement before it runs it, so
that whoever has the answer finds the line. Counted are executions as the server has them: a batch of the one simple
query that begins a snapshot is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

DOORS = ("change", "deny", "remember", "lease", "beat", "touch_session")
_ANY_HEAD = re.compile(rb"^\d{4}-\d\d-\d\d [\d:.]+ ", re.MULTILINE)
_HEAD = re.compile(
    _ANY_HEAD.pattern + rb"\S+ \[\d+\] ([\w-]+)@([\w-]+) +LOG:  (?:execute [^:]+|statement): ", re.MULTILINE
)
# What asyncpg asks once in the life of a connection, about types that it meets for the first time.
_DRIVER = re.compile(r"SELECT\s+current_setting\('jit'\)|WITH RECURSIVE typeinfo_tree\(|SELECT set_config\('jit'")
_SNAPSHOT = re.compile(r"(begin|commit)\b")


@dataclass(slots=True)
class Statements:
    """The texts of what ran inside one `with`."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def writes(self) -> list[str]:
        """The doors that were called: each is a transaction of its own that may write."""
        return [door for text in self.texts for door in DOORS if _calls(text, door)]

    @property
    def reads(self) -> list[str]:
        """Everything but doors and the begin and end of a snapshot."""
        return [t for t in self.texts if not _SNAPSHOT.match(t) and not any(_calls(t, door) for door in DOORS)]


def _calls(text: str, door: str) -> bool:
    return re.search(rf"\b(from|select) {door}\(", text) is not None


@dataclass(frozen=True, slots=True)
class StatementLog:
    """The log of one server."""

    file: Path
    role: str
    database: str

    @contextmanager
    def watch(self) -> Iterator[Statements]:
        """Fills its statements in when the block ends."""
        found = Statements()
        start = self.file.stat().st_size
        yield found
        found.texts += self._since(start)

    def _since(self, start: int) -> list[str]:
        with self.file.open("rb") as file:
            file.seek(start)
            text = file.read()
        found = []
        for head in _HEAD.finditer(text):
            if head.group(1).decode() == self.role and head.group(2).decode() == self.database:
                end = _ANY_HEAD.search(text, head.end())
                found.append(text[head.end() : end.start() if end else len(text)].decode().strip())
        return [one for one in found if not _DRIVER.match(one)]


async def next_transaction(owner: asyncpg.Connection) -> int:
    """The first transaction that has not begun to write."""
    found: int = await owner.fetchval("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    return found


async def writers(owner: asyncpg.Connection, since: int) -> int:
    """How many transactions since then left a row behind, in any table."""
    ours = "relkind = 'r' and relnamespace = 'public'::regnamespace"
    tables = await owner.fetch(f"select quote_ident(relname) as name from pg_class where {ours}")
    each = [f"select xmin::text::bigint as x from {row['name']} where xmin::text::bigint >= $1" for row in tables]
    found: int = await owner.fetchval(f"select count(distinct x) from ({' union all '.join(each)}) t", since)
    return found
