"""Step 1 of every change: subject, context, kept outcome and resource in ONE statement; rooms add their resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from db.ids import new_id
from domain.change import Stored
from domain.command import Actor, Command, Ref
from domain.facts import Context, Facts, Resource, Subject
from domain.machines import MACHINES
from domain.money import Money
from domain.question import plain
from domain.settings.values import value_of

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FactsQuery:
    """How one resource is read. `sql` is a SELECT of one jsonb column `resource` (no row: there is none).

    It may use `s.org` (acting organization, text), `k.home`, `k.id` (uuid, the target) and `k.args` (jsonb, arguments
    as policy sees them, without those that start with `_`). Every query of a tenant's table names the organization.
    `build` makes the value from the JSON; the default is `resource_of`.
    """

    sql: str
    build: Callable[[Json, Command], Resource[Any]]


# Each transition and whoever did it: on a system step the person it was done for.
ACTORS = """(select jsonb_agg(jsonb_build_array(j.action, coalesce(j.on_behalf_of, j.person)))
      from journal j
     where j.organization = {row}.organization and j.aggregate = {row}.id
       and j.source is distinct from j.target and coalesce(j.on_behalf_of, j.person) is not null)"""

_COMMON = """
with s as materialized (select set_config('app.org', $1::uuid::text, true) as org,
                               set_config('app.person', coalesce($2::uuid::text, ''), true) as person)
select c.now, c.revision, c.settings, c.settings_epoch,
       u.kind, u.standing_epoch, u.authority_epoch, u.roles, u.limits, u.session_version,
       i.state as stored_state, i.fingerprint as stored_fingerprint, i.outcome as stored_outcome,
       {resource}
  from s
 cross join lateral (
    select clock_timestamp() as now, m.settings_epoch,
           (select max(p.number) from policy_revision p where p.state = 'active') as revision,
           case when m.settings_epoch is distinct from $6::integer then (
             select coalesce(jsonb_object_agg(r.key, jsonb_build_array(r.kind, r.value)), '{{}}'::jsonb)
               from runtime_setting r) end as settings
      from marketplace m where s.org is not null offset 0) c
 cross join lateral (
    select o.kind, o.standing_epoch, h.roles, h.limits,
           (select p.authority_epoch from person p where p.id = $2::uuid) as authority_epoch,
           (select n.version from session n where n.id = $3::uuid and n.state = 'live') as session_version
      from organization o
     cross join lateral (
        select array_agg(g.role) as roles,
               (array_agg(jsonb_build_object('currency', g.limit_currency, 'per_purchase', g.limit_purchase_minor,
                                             'per_period', g.limit_period_minor, 'period_s', g.limit_period_s)
                          order by g.limit_purchase_minor desc)
                filter (where g.role = 'buyer' and g.limit_currency is not null))[1] as limits
          from "grant" g
         where g.person = $2::uuid and g.counterparty = o.id and g.state = 'live'
           and g.valid_from <= clock_timestamp()
           and (g.valid_until is null or g.valid_until > clock_timestamp())) h
     where o.id = s.org::uuid offset 0) u
  left join lateral (
    select x.state, x.fingerprint, x.outcome from idempotency x
     where x.organization = s.org::uuid and x.person = $2::uuid and x.action = $4::text and x.key = $5::text
    offset 0) i on true
"""
_ONE = """ cross join (select $7::uuid as home, $8::uuid as id, $9::jsonb as args) k
  left join lateral ({sql}) r on true"""
_MANY = """ cross join lateral (
    select coalesce(jsonb_agg(r.resource order by k.n), '[]'::jsonb) as resources
      from unnest($7::uuid[], $8::uuid[]) with ordinality as w(home, id, n)
     cross join lateral (select w.home, w.id, w.n, '{{}}'::jsonb as args offset 0) k
      left join lateral ({sql}) r on true
     where s.org is not null offset 0) m"""


class FactsError(Exception):
    """The marketplace itself is missing: not migrated, or never seeded."""


def _statement(query: FactsQuery) -> str:
    return _COMMON.format(resource="r.resource") + _ONE.format(sql=query.sql)


def _batch_statement(query: FactsQuery) -> str:
    return _COMMON.format(resource="m.resources") + _MANY.format(sql=query.sql)


@dataclass(frozen=True, slots=True)
class _Settings:
    """All runtime settings as they are at an epoch, which moves with every change of one: what PostgreSQL need not
    tell again. Epoch None is before the first were read.
    """

    epoch: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


class FactsReader:
    """Reads facts for commands; `queries` by action, else by noun."""

    def __init__(
        self, pool: asyncpg.Pool | asyncpg.Connection, queries: Mapping[str, FactsQuery], noun_of: Mapping[str, str]
    ) -> None:
        self._pool = pool
        self._queries = queries
        self._noun_of = noun_of
        self._settings = _Settings()
        self._one = {name: _statement(query) for name, query in queries.items()}
        self._many = {name: _batch_statement(query) for name, query in queries.items()}

    def _name(self, action: str) -> str:
        return action if action in self._queries else self._noun_of[action]

    async def facts(self, command: Command) -> Facts[Any]:
        """One statement: what `command` is judged by. Raises `FactsError` on a database without a marketplace."""
        name = self._name(command.action)
        target, known = command.target, self._settings
        args = {key: plain(value) for key, value in command.args.items() if not key.startswith("_")}
        row = await self._pool.fetchrow(
            self._one[name],
            *_who(command.actor, command.action, command.key),
            known.epoch,
            target.home if target else None,
            target.id if target else None,
            args,
        )
        if row is None:
            raise FactsError("no marketplace, or the acting organization is unknown")
        resource = row["resource"]
        return Facts(
            subject=_subject(command.actor, row),
            context=self._context(row, known),
            resource=None if resource is None else self._queries[name].build(resource, command),
            stored=_stored(row),
        )

    def _context(self, row: Mapping[str, Any], known: _Settings) -> Context:
        """With the settings that were known when the statement was sent, unless it told others."""
        now: datetime = row["now"]
        if row["settings"] is not None:
            values = {key: value_of(kind, value) for key, (kind, value) in row["settings"].items()}
            known = self._settings = _Settings(row["settings_epoch"], values)
        return Context(
            now=now, revision=row["revision"] or 0, settings=known.values, settings_epoch=row["settings_epoch"]
        )

    async def facts_of(
        self, actor: Actor, noun: str, refs: Sequence[Ref], commands: Sequence[Command]
    ) -> list[list[Facts[Any]]]:
        """The same for many rows of one noun and several actions: by row, then by command; still one statement."""
        known = self._settings
        row = await self._pool.fetchrow(
            self._many[noun],
            *_who(actor, commands[0].action, None),
            known.epoch,
            [ref.home for ref in refs],
            [ref.id for ref in refs],
        )
        if row is None:
            raise FactsError("no marketplace, or the acting organization is unknown")
        subject, context = _subject(actor, row), self._context(row, known)
        build = self._queries[noun].build
        return [
            [Facts(subject, context, None if item is None else build(item, command)) for command in commands]
            for item in row["resources"]
        ]


def _who(actor: Actor, action: str, key: str | None) -> tuple[Any, ...]:
    return actor.organization, actor.person, actor.session, action, key


def _subject(actor: Actor, row: Mapping[str, Any]) -> Subject:
    live = actor.session is None or row["session_version"] is not None
    roles = ("system",) if actor.is_system else tuple(sorted(set(row["roles"] or ()))) if live else ()
    return Subject(
        organization=actor.organization,
        organization_kind=row["kind"],
        standing_epoch=row["standing_epoch"],
        roles=roles,
        person=actor.person,
        account=actor.account,
        session=actor.session,
        authority_epoch=row["authority_epoch"] or 0,
        session_version=row["session_version"] or 0,
        on_behalf_of=actor.on_behalf_of,
        spend_limit=row["limits"],
    )


def _stored(row: Mapping[str, Any]) -> Stored | None:
    if row["stored_state"] is None:
        return None
    return Stored(row["stored_state"], row["stored_fingerprint"], row["stored_outcome"])


def _actors(done: Sequence[tuple[str, str]]) -> dict[str, tuple[UUID, ...]]:
    by_action: dict[str, set[str]] = {}
    for action, person in done:
        by_action.setdefault(action, set()).add(person)
    return {action: tuple(UUID(person) for person in sorted(persons)) for action, persons in by_action.items()}


def uuid_or_none(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)


def resource_of(found: Json, noun: str, **more: Any) -> Resource[Any]:
    """The part every noun shares, from keys id, home, counterparty, state, version, actors, money_minor, currency."""
    minor = found.get("money_minor")
    return Resource(
        noun=noun,
        id=UUID(found["id"]),
        home=UUID(found["home"]),
        counterparty=uuid_or_none(found.get("counterparty")),
        state=found["state"],
        version=found["version"],
        money=None if minor is None else Money(minor, found["currency"]),
        actors=_actors(found.get("actors") or ()),
        **more,
    )


def to_be(found: Json, noun: str, **more: Any) -> Resource[Any]:
    """A row that the command would create, from keys home and counterparty; it has its id already."""
    return Resource(
        noun=noun,
        id=new_id(),
        home=UUID(found["home"]),
        counterparty=uuid_or_none(found.get("counterparty")),
        state=None,
        version=0,
        **more,
    )


def of_row(noun: str) -> FactsQuery:
    """The facts of a noun about which no more than its row needs to be known."""
    return FactsQuery(
        f"""
select jsonb_build_object('id', t.id, 'home', t.organization, 'counterparty', t.counterparty, 'state', t.state,
         'version', t.version, 'actors', {ACTORS.format(row="t")}) as resource
  from "{MACHINES[noun].table}" t
 where s.org is not null and t.organization = k.home and t.id = k.id offset 0""",
        lambda found, _: resource_of(found, noun),
    )
