"""Which revision the running engine answers by, asked of itself; for people and doctors, not for decisions."""

from __future__ import annotations

from pathlib import Path

from adapters.opa.answers import revision_of
from adapters.opa.client import OpaClient, SilentError
from adapters.opa.row import ROW
from adapters.opa.wire import UnusableError


async def loaded_revision(socket: Path) -> str | None:
    """`revision 7`, `no policy`, or None where no engine answers."""
    async with OpaClient(socket) as client:
        try:
            body = await client.ask("visible", "{}", ROW.batch_deadline)
        except SilentError:
            return None
        except UnusableError as error:
            return f"no answer ({error})"
    revision = revision_of(body) if isinstance(body, dict) else None
    return "no policy" if revision is None else f"revision {revision}"
