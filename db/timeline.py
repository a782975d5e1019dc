"""How notes and timelines are read; a timeline is everything that happened to an object, as one list."""

from __future__ import annotations

from dataclasses import replace

from db.decisions import DECISIONS
from db.journal import JOURNAL
from db.payments import ATTEMPTS
from db.purchases import PURCHASES
from db.scopes import Scope
from db.source import Relation, Sort, Source, one_of
from domain.timeline.model import Note, TimelineEntry

_PARTIES = "(r.{side} = {{org}} and r.visibility = 'parties')"

NOTES: Source[Note] = Source(
    model=Note,
    table="note",
    scope=Scope(organization=_PARTIES.format(side="organization"), counterpart=_PARTIES.format(side="counterparty")),
)

# Every branch has the columns that the scopes of its kind name.
_ENTRIES = """(
    select 'transition' as kind, j.organization, j.counterparty, j.id, j.at, j.person, j.acting_for, j.on_behalf_of,
           j.roles, j.request_id, j.organization as subject_home, j.aggregate as subject, 'parties' as visibility,
           j.organization as about_home, j.id as about, null as step,
           replace(replace(j.event, '.', ' '), '_', ' ') as words
      from journal j
    union all
    select 'decision', d.organization, null, d.id, d.decided_at, d.person, d.organization, d.on_behalf_of,
           d.roles, d.request_id, d.subject_home, d.subject, 'parties', d.organization, d.id, null,
           replace(d.outcome, '_', ' ') || ': ' || replace(replace(d.action, '.', ' '), '_', ' ')
      from decision d
    union all
    select 'payment_attempt', t.organization, null, t.id, t.at, null, null, null,
           '{}', null, t.organization, s.subject, 'parties', t.organization, t.id, null,
           t.kind || ' ' || t.outcome
      from payment_attempt t
      join "authorization" a on a.organization = t.organization and a.id = t.authorization_id
      left join capture c on c.organization = t.organization and c.id = t.capture_id
     cross join lateral (values (a.id), (a.purchase), (c.order_id)) s(subject)
    union all
    select 'compensation', g.organization, g.counterparty, md5(g.id::text || t.step)::uuid, t.ended_at, null, null,
           g.person, '{}', null, g.organization, s.subject, 'parties', g.organization, g.id, t.step,
           replace(t.step, '_', ' ') || ' was undone'
      from saga g
      join saga_step t on t.organization = g.organization and t.saga = g.id
     cross join lateral (values (g.id), (g.subject)) s(subject)
     where t.state = 'compensated' and t.ended_at is not null
    union all
    select 'note', n.organization, n.counterparty, n.id, n.created_at, n.author, null, null,
           '{}', null, n.organization, n.subject, n.visibility, n.organization, n.id, null, 'note'
      from note n
)"""

TIMELINE: Source[TimelineEntry] = Source(
    model=TimelineEntry,
    table=_ENTRIES,
    columns={"summary": "upper(left(r.words, 1)) || substr(r.words, 2) || '.'"},
    parts={
        "transition": JOURNAL,
        "decision": DECISIONS,
        "payment_attempt": ATTEMPTS,
        "compensation": replace(PURCHASES, scope=Scope()),
        "note": NOTES,
    },
    sorts={"at": Sort("r.at", "timestamptz")},
    filters={"kinds": one_of("r.kind")},
)

OF_SUBJECT = Relation(TIMELINE, "r.subject_home = p.home and r.subject = p.id")
