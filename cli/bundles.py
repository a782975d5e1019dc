"""Prepares what the policy engine loads: three bundles and its configuration, under the home; starts nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from wiring.settings import Settings


_ACTIVE = """
with s as materialized (select set_config('app.org', (select m.platform from marketplace m)::text, true) as org)
select r.number, r.digest
  from s
 cross join lateral (
    select x.number, x.digest from policy_revision x
     where s.org is not null and x.organization = s.org::uuid and x.state = 'active'
     order by x.number desc limit 1 offset 0) r"""


class RevisionError(RuntimeError):
    """The database names no policy revision that these bundles could be."""


@dataclass(frozen=True, slots=True)
class Prepared:
    folder: Path
    revision: int
    digest: bytes


def prepare(settings: Settings, revision: int | None = None) -> Prepared:
    """Write `home/opa/{authz,rules,machines}` and `home/opa/opa.yaml`.

    `revision` is the number that the rules bear; None takes the active one of the database, which must be what is on
    disk: a number never names two contents. Raises `RevisionError`.
    """
    from adapters import tools
    from adapters.opa import bundle, config, tree

    digest = tree.digest()
    if revision is None:
        active = asyncio.run(active_revision(settings))
        if active.digest != f"sha256:{digest.hex()}":
            raise RevisionError(
                f"policies/ differs from revision {active.number}, which is active: run it as a new one."
            )
        revision = active.number
    folder = settings.home / "opa"
    bundle.write_all(folder, tools.ensure(tools.OPA, settings.tools), revision)
    config.write(folder / "opa.yaml")
    return Prepared(folder, revision, digest)


@dataclass(frozen=True, slots=True)
class Active:
    number: int
    digest: str


async def active_revision(settings: Settings) -> Active:
    """What decisions must name now. Raises `RevisionError` before the marketplace was seeded."""
    import asyncpg

    from wiring.databases import database_urls

    connection = await asyncpg.connect(database_urls(settings).owner)
    try:
        found = await connection.fetchrow(_ACTIVE)
    finally:
        await connection.close()
    if found is None:
        raise RevisionError("No policy revision is active: run `portcullis seed` first.")
    return Active(found["number"], found["digest"])
