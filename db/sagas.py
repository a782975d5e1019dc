"""How sagas and their steps are read."""

from __future__ import annotations

from collections.abc import Sequence

from db.scopes import Arguments
from db.select import Asked
from db.source import Filter, Relation, Sort, Source, one_of
from domain.command import Ref
from domain.sagas.model import Saga, SagaStep

SAGAS: Source[Saga] = Source(
    model=Saga,
    table="saga",
    columns={"label": "upper(left(r.kind, 1)) || substr(r.kind, 2) || ' of ' || r.subject_noun"},
    sorts={"created_at": Sort("r.created_at", "timestamptz")},
    filters={
        "kinds": one_of("r.kind"),
        "states": one_of("r.state"),
        "stuck_since": Filter(
            "(r.state in ('running', 'waiting', 'compensating') and r.updated_at < {})", "timestamptz"
        ),
    },
)

ALL = Relation(SAGAS)
OF_SAGA = "s.organization = p.home and s.id = p.id"
OF_SUBJECT = "s.organization = p.home and s.subject = p.id"


async def steps(asked: Asked, on: str, parents: Sequence[Ref]) -> list[list[SagaStep]]:
    """Steps of each saga, or of all sagas of each subject, in the order they began.

    Whoever sees the subject sees how far it is: the parent was authorized before, and row-level security stands behind.
    """
    bind = Arguments()
    homes, ids = bind([p.home for p in parents], "uuid[]"), bind([p.id for p in parents], "uuid[]")
    records = await asked.reader.fetch(
        f"select p.n, t.step as name, t.state, t.attempts, t.started_at, t.ended_at, t.next_attempt_at, t.error"
        f" from unnest({homes}, {ids}) with ordinality as p(home, id, n) join saga s on {on}"
        " join saga_step t on t.organization = s.organization and t.saga = s.id"
        " order by p.n, s.created_at, t.started_at nulls last, t.step",
        bind,
    )
    found: list[list[SagaStep]] = [[] for _ in parents]
    for record in records:
        found[record["n"] - 1].append(SagaStep(**{k: v for k, v in record.items() if k != "n"}))
    return found
