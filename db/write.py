"""The one write and the other doors: values go in as JSON, every coded refusal comes back as a value."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from db.ids import new_id
from domain.change import (
    Change,
    ChangeAnswer,
    Decision,
    Done,
    Exhausted,
    Exists,
    Expired,
    Fenced,
    Idempotency,
    Mismatch,
    Replay,
    Revoked,
    Short,
    Stale,
    Stored,
)
from domain.effects import Advance, Create, Effect, Sealed, VaultPut
from domain.ports import Cipher

CALLS = 3  # of one change that PostgreSQL ended as the victim of a deadlock

_CHANGE = "select code, entries from change($1, $2, $3, $4, $5)"


class UnlistedError(Exception):
    """PC022: the change held something that its decision does not permit; a bug of ours, or an attack."""


class IsolationError(Exception):
    """PC090: `change` was called in a transaction that keeps its snapshot."""


async def change(pool: asyncpg.Pool | asyncpg.Connection, change: Change, cipher: Cipher) -> ChangeAnswer:
    """One call of the database function; whatever refused is the answer."""
    arguments = encode(change, cipher)
    for call in range(1, CALLS + 1):
        try:
            row: Any = await pool.fetchrow(_CHANGE, *arguments)
        except asyncpg.DeadlockDetectedError:
            if call == CALLS:
                raise
        except asyncpg.PostgresError as error:
            answer = refused(error)
            if answer is None:
                raise
            return answer
        else:
            return _answered(row["code"], row["entries"])
    raise AssertionError("unreachable")


def encode(change: Change, cipher: Cipher) -> tuple[Any, ...]:
    """The five arguments of the database function."""
    return (
        change.home,
        change.decision,
        change.proofs,
        [_effect(effect, cipher) for effect in change.effects],
        change.idempotency,
    )


def _effect(effect: Effect, cipher: Cipher) -> dict[str, Any]:
    """The fields of the value by name, its kind, and a journal id for what is journalled; text leaves sealed."""
    kind: Any = type(effect)
    encoded = {name: getattr(effect, name) for name in _names(kind)}
    encoded["kind"] = kind.__name__
    if isinstance(effect, Advance | Create):
        encoded["entry"] = new_id()
    elif isinstance(effect, VaultPut):
        text = _opened(encoded.pop("text"), cipher)
        wrapped, sealed = cipher.seal(effect.organization, effect.subject, effect.field, text)
        encoded |= {"wrapped": wrapped, "cipher": sealed}
    return encoded


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _opened(text: str | Sealed, cipher: Cipher) -> str:
    if isinstance(text, str):
        return text
    return cipher.open(text.organization, text.subject, text.field, text.wrapped_key, text.cipher)


def _answered(code: str, entries: Mapping[str, Any]) -> ChangeAnswer:
    match code:
        case "done":
            return Done(taken=entries["taken"])
        case "replay":
            return Replay(_stored(entries))
        case _:
            return Mismatch()


def _stored(entries: Mapping[str, Any]) -> Stored:
    fingerprint = entries["fingerprint"]
    if isinstance(fingerprint, str):  # bytea inside jsonb
        fingerprint = bytes.fromhex(fingerprint.removeprefix("\\x"))
    return Stored(entries["state"], fingerprint, entries["outcome"])


def refused(error: asyncpg.PostgresError) -> ChangeAnswer | None:
    """A coded refusal as its value; None for every other error. Raises for what only a bug can cause."""
    code = getattr(error, "sqlstate", None) or ""
    if not code.startswith("PC"):
        return None
    about: dict[str, Any] = orjson.loads(getattr(error, "detail", None) or "{}")
    match code:
        case "PC001":
            return Stale(about["noun"], UUID(about["id"]), about["now"])
        case "PC002":
            return Exists(about["noun"], UUID(about["id"]))
        case "PC010":
            return Short(UUID(about["variant"]), about["wanted"], about["free"])
        case "PC012":
            return Exhausted(about["what"])
        case "PC013":
            return Fenced()
        case "PC020":
            return Revoked(about["class"], about["id"])
        case "PC021":
            return Expired()
        case "PC090":
            raise IsolationError(about) from error
        case _:
            raise UnlistedError(about) from error


async def deny(pool: asyncpg.Pool | asyncpg.Connection, decision: Decision) -> bool:
    """Keep a denial; False when it was only counted, because this person is told no too often."""
    kept: bool = await pool.fetchval("select deny($1)", decision)
    return kept


async def remember(pool: asyncpg.Pool | asyncpg.Connection, idempotency: Idempotency) -> Stored:
    """Store a final refusal under its key; answers what is kept there now, which a twin may have stored first."""
    row: Any = await pool.fetchrow("select state, fingerprint, outcome from remember($1)", idempotency)
    return _stored(row)


async def lease(
    pool: asyncpg.Pool | asyncpg.Connection, name: str, organization: UUID, holder: UUID, seconds: int
) -> int | None:
    """Take a lease that nobody holds; the fence of this holding, or None while somebody else has it."""
    fence: int | None = await pool.fetchval("select lease($1, $2, $3, $4)", name, organization, holder, seconds)
    return fence


async def beat(pool: asyncpg.Pool | asyncpg.Connection, name: str, holder: UUID, fence: int, seconds: int) -> bool:
    """Hold a lease `seconds` longer from now (0 gives it back); False when it is lost."""
    held: bool = await pool.fetchval("select beat($1, $2, $3, $4)", name, holder, fence, seconds)
    return held


async def touch_session(pool: asyncpg.Pool, session: UUID) -> bool:
    """Note that a session is in use; True when it was written, which is at most once a minute."""
    touched: bool = await pool.fetchval("select touch_session($1)", session)
    return touched


_NOBODY = UUID(int=0)
_WARM: Sequence[Any] = (
    _NOBODY,
    {
        "id": _NOBODY,
        "action": "saga.advance",
        "outcome": "allowed",
        "decider": "fixed",
        "actor": {"organization": _NOBODY, "person": _NOBODY, "on_behalf_of": None},
        "request": {"request_id": "warm", "trace_id": "warm", "channel": "warm"},
        "roles": [],
        "subject_version": 0,
        "revision": 0,
        "reasons": [],
        "obligations": [],
        "effects": [{"noun": "saga", "id": _NOBODY, "action": "saga.advance"}],
        "took_ms": 0,
    },
    [{"kind": "settings", "version": 0}],
    [{"kind": "StockMove", "organization": _NOBODY, "variant": _NOBODY, "reserved": 1, "on_hand": 0}],
    {
        "organization": _NOBODY,
        "person": _NOBODY,
        "action": "saga.advance",
        "key": "warm",
        "fingerprint": b"",
        "state": "done",
        "outcome": {},
    },
)


async def warm(connection: asyncpg.Connection) -> None:
    """Let a new connection plan the change: a call that is refused and writes nothing."""
    with contextlib.suppress(asyncpg.PostgresError):
        await connection.fetchrow(_CHANGE, *_WARM)


def to_json(value: Any) -> bytes:
    """Any of our values as JSON: bytes as PostgreSQL reads them, mappings of every kind as objects."""
    return orjson.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):  # asyncpg's own kind of UUID
        return str(value)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | frozenset | set):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")
