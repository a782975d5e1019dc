"""Outside production: a changed `policies/` becomes the next revision, so that editing a rule and `make run` works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cli.bootstrap import Bootstrap, decided
from db import write
from db.ids import new_id
from domain.change import Change, Done
from domain.facts import Resource
from domain.plan import advance, create

if TYPE_CHECKING:
    from wiring.settings import Settings

_ACTIVE = """
select r.id, r.number, r.version, r.digest, r.state from policy_revision r
 where r.state = 'active' order by r.number desc limit 1"""


def digest() -> str:
    """Of everything a revision consists of, as it stands on disk."""
    from adapters.opa import tree

    return f"sha256:{tree.digest().hex()}"


async def installed(settings: Settings, bootstrap: Bootstrap, found: str | None = None) -> int | None:
    """The number of the revision that was installed; None where the active one is what is on disk, or in production.

    `found` is the digest of the rules as they are now.
    """
    from wiring.settings import Profile

    if settings.profile is Profile.PRODUCTION:
        return None
    active: Any = await bootstrap.connection.fetchrow(_ACTIVE)
    now = found or digest()
    if active is None or active["digest"] == now:
        return None
    if found is None:
        assert_loadable(settings)
    number: int = active["number"] + 1
    id, row = new_id(), {"number": number, "title": "Changed on disk", "digest": now}
    answer = await write.change(bootstrap.connection, _next(active, row, id, bootstrap.platform), bootstrap.cipher)
    if not isinstance(answer, Done):
        raise RevisionError(f"Revision {number} could not be installed: {answer}")
    return number


class RevisionError(RuntimeError):
    """The rules have changed, but they cannot be loaded, or the database did not take them."""


def assert_loadable(settings: Settings, root: Path | None = None) -> None:
    """A slip must not become a revision that no engine can answer by. Raises `RevisionError` with every fault.

    The quick gates only; `portcullis policy check` runs all of them.
    """
    from adapters import tools
    from adapters.opa import tree
    from adapters.opa.gates.report import Tree
    from adapters.opa.gates.run import faults

    found = faults(Tree(tools.ensure(tools.OPA, settings.tools), root or tree.POLICIES))
    if found:
        raise RevisionError("policies/ has changed and cannot become a revision:\n" + "\n".join(found))


def _next(active: Any, row: Mapping[str, Any], id: UUID, platform: UUID) -> Change:
    """The newer one becomes active and the older one is superseded, in one transaction."""
    number, payload = row["number"], {"number": row["number"], "digest": row["digest"]}
    older: Resource[None] = Resource(
        "policy_revision", UUID(str(active["id"])), platform, None, active["state"], active["version"]
    )
    effects = (
        create("policy_revision.install", platform, id, row, payload=payload),
        advance(older, "policy_revision.supersede"),
    )
    decision = replace(
        decided(f"revision:{number}:{id}", effects, platform), action="policy_revision.install", revision=number
    )
    return Change(platform, decision, (), effects)
