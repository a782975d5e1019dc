"""How sealed text is read; opening it is the caller's business."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from db.reader import Reader
from db.scopes import Arguments

Place = tuple[UUID, UUID, str]  # organization, subject and field


async def sealed(reader: Reader, places: Sequence[Place]) -> list[tuple[bytes, bytes] | None]:
    """Wrapped key and cipher of each place; None where nothing is kept, its key is destroyed, or it is not for them.

    Whoever holds a place was shown its subject before; row-level security stands behind.
    """
    bind = Arguments()
    organizations, subjects, fields = zip(*places, strict=True)
    records = await reader.fetch(
        "select p.n, k.wrapped, v.cipher"
        f" from unnest({bind(list(organizations), 'uuid[]')}, {bind(list(subjects), 'uuid[]')},"
        f" {bind(list(fields), 'text[]')}) with ordinality as p(organization, subject, field, n)"
        " join vault v on v.organization = p.organization and v.subject = p.subject and v.field = p.field"
        " join vault_key k on k.organization = p.organization and k.subject = p.subject and k.field = p.field"
        " where k.wrapped is not null",
        bind,
    )
    found = {record["n"]: (record["wrapped"], record["cipher"]) for record in records}
    return [found.get(n) for n in range(1, len(places) + 1)]
