"""Recomputes the leaf of every journal row from its columns alone, by the rule of docs/data-model.md; trusts no SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import asyncpg

from db.invariants.run import BATCH, SHOWN, Finding

LEAVES = "journal_leaves_verify"
SAYS = "The leaf of every journal row is the hash of its columns."
FORM = "portcullis.journal.1"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ROWS = """
select organization, aggregate, version, id, noun, counterparty, source, target, action, event, person, acting_for,
       on_behalf_of, role, roles, decision, revision, request_id, trace_id, app_release, flags, payload_version,
       payload::text as payload, at, leaf
  from journal"""


def netstring(value: object | None) -> bytes:
    """`length:text,` of the UTF-8; null is `~`."""
    if value is None:
        return b"~"
    text = str(value).encode()
    return b"%d:%s," % (len(text), text)


def netstrings(items: Iterable[str]) -> bytes:
    """A list is the netstring of its items' netstrings."""
    inner = b"".join(netstring(item) for item in items)
    return b"%d:%s," % (len(inner), inner)


def leaf_of(row: asyncpg.Record) -> bytes:
    """The SHA-256 that `leaf` must hold."""
    plain = (
        *("organization", "aggregate", "version", "id", "noun", "counterparty", "source", "target", "action", "event"),
        *("person", "acting_for", "on_behalf_of", "role"),
    )
    later = ("decision", "revision", "request_id", "trace_id", "app_release")
    content = b"".join(
        (
            netstring(FORM),
            *(netstring(row[column]) for column in plain),
            netstrings(row["roles"]),
            *(netstring(row[column]) for column in later),
            netstrings(row["flags"]),
            netstring(row["payload_version"]),
            netstring(row["payload"]),
            netstring((row["at"] - EPOCH) // timedelta(microseconds=1)),
        )
    )
    return hashlib.sha256(content).digest()


async def examine_leaves(connection: asyncpg.Connection) -> Finding:
    """Inside the caller's transaction; reads in batches, however long the journal is."""
    rows, violations = 0, 0
    examples: list[str] = []
    async for row in connection.cursor(ROWS, prefetch=BATCH):
        rows += 1
        if leaf_of(row) != row["leaf"]:
            violations += 1
            if len(examples) < SHOWN:
                examples.append(f"{row['organization']}/{row['aggregate']}: version {row['version']} was edited")
    return Finding(LEAVES, SAYS, rows, violations, tuple(examples))
