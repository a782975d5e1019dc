"""Runs one invariant on one connection and keeps a few examples of what breaks it; whose connection, others decide."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from db.invariants.catalogue import Invariant

SHOWN = 5
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to; `examples` are the first few violations in words."""

    check: str
    says: str
    rows: int
    violations: int
    examples: tuple[str, ...] = ()


async def examine(connection: asyncpg.Connection, invariant: Invariant) -> Finding:
    """Inside the caller's transaction, so that all invariants see one moment."""
    rows: int = await connection.fetchval(invariant.counted)
    violations = 0
    examples: list[str] = []
    async for broken in connection.cursor(invariant.violations, prefetch=BATCH):
        violations += 1
        if len(examples) < SHOWN:
            examples.append(f"{broken['organization']}/{broken['id']}: {broken['what']}")
    return Finding(invariant.name, invariant.says, rows, violations, tuple(examples))
