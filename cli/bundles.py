"""Prepares what the policy engine loads: three bundles and its configuration, under the home; starts nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from wiring.settings import Settings


class RevisionError(RuntimeError):
    """The database names no policy revision that these bundles could be."""


@dataclass(frozen=True, slots=True)
class Prepared:
    folder: Path
    revision: int
    digest: bytes


def prepare(settings: Settings, revision: int | None = None) -> Prepared:
    """Write `home/opa/{authz,rules,machines}` and `home/opa/opa.yaml`.

    `revision` is the number that the rules bear; None takes the active one of the database.
    """
    from adapters import tools
    from adapters.opa import bundle, config, tree

    opa = tools.ensure(tools.OPA, settings.tools)
    folder = settings.home / "opa"
    number = revision if revision is not None else asyncio.run(active_revision(settings))
    bundle.write_all(folder, opa, number)
    config.write(folder / "opa.yaml")
    return Prepared(folder, number, tree.digest())


async def active_revision(settings: Settings) -> int:
    """The number that decisions must name now. Raises `RevisionError` before the marketplace was seeded."""
    import asyncpg

    from wiring.databases import database_urls

    connection = await asyncpg.connect(database_urls(settings).owner)
    try:
        number: int | None = await connection.fetchval("select max(number) from policy_revision where state = 'active'")
    finally:
        await connection.close()
    if number is None:
        raise RevisionError("No policy revision is active: run `portcullis seed` first.")
    return number
