"""What the floors ask PostgreSQL: hand-written, one statement a read, one guarded write with decision and journal."""

from __future__ import annotations

# The same facts as the GraphQL documents of the rows, already in the shape of their answers.
_ORDER = """
select jsonb_build_object(
         'number', o.number, 'state', upper(o.state), 'version', o.version,
         'vendor', jsonb_build_object('name', v.name),
         'totals', jsonb_build_object('total', jsonb_build_object('minor', o.total_minor, 'currency', o.currency)),
         'lines', (select jsonb_agg(jsonb_build_object(
                       'sku', i.sku, 'title', i.title, 'quantity', i.quantity,
                       'totals', jsonb_build_object('total', jsonb_build_object(
                            'minor', i.total_minor, 'currency', i.currency))) order by i.ordinal)
                     from order_items i where i.organization = o.organization and i.order_id = o.id)) as found
  from orders o
  join vendor v on v.organization = o.counterparty and v.id = o.vendor
 where o.organization = $1"""
ONE = f"{_ORDER} and o.number = $2"
MANY = f"{_ORDER} order by o.placed_at desc, o.id desc limit 20"

# The floor of an approval has tables of its own, as a hand-made service would: row-level security, one order table,
# a decision with its input, a journal row that references it. Everybody else keeps their hands off ours.
TABLES = """
drop schema if exists bench cascade;
create schema bench;
create table bench.person (id uuid primary key, authority_epoch int not null);
create table bench.orders (
  organization uuid not null, id uuid not null, number text not null, state text not null, version int not null,
  approved_by uuid, updated_at timestamptz not null default now(), primary key (organization, id));
create table bench.decision (
  organization uuid not null, id uuid primary key, action text not null, outcome text not null, person uuid not null,
  input jsonb not null, at timestamptz not null);
create table bench.journal (
  organization uuid not null, id uuid primary key, order_id uuid not null, version int not null, source text not null,
  target text not null, person uuid not null, decision uuid not null references bench.decision, at timestamptz not null,
  unique (organization, order_id, version));
"""
ISOLATION = """
alter table bench.{table} enable row level security;
create policy tenant on bench.{table} using (organization = current_setting('app.org')::uuid);
grant select, insert, update on bench.{table} to {role};
"""
GRANTS = "grant usage on schema bench to {role}; grant select on bench.person to {role};"
FILL = """
insert into bench.orders (organization, id, number, state, version)
select $1, gen_random_uuid(), 'BENCH-' || n, 'placed', 1 from generate_series(1, $2::int) n
returning id"""

_SESSION = "with s as materialized (select set_config('app.org', $1, true) as org)"
_ISOLATED = "s.org is not null and o.organization = s.org::uuid"
_READ = """
select o.number, o.state, o.version, p.authority_epoch
  from {source}bench.orders o, bench.person p
 where {guard} and o.id = $2 and p.id = $3"""
_WRITE = """moved as (
  update bench.orders o set state = 'approved', version = o.version + 1, approved_by = $3,
         updated_at = clock_timestamp()
    from {source}bench.person p
   where {guard} and o.id = $2 and o.version = $4 and o.state = 'placed' and p.id = $3 and p.authority_epoch = $5
  returning o.organization, o.id, o.version),
decided as (
  insert into bench.decision (organization, id, action, outcome, person, input, at)
  select m.organization, $6::uuid, 'order.approve', 'allowed', $3, $8::jsonb, clock_timestamp() from moved m
  returning id),
noted as (
  insert into bench.journal (organization, id, order_id, version, source, target, person, decision, at)
  select m.organization, $7::uuid, m.id, m.version, 'placed', 'approved', $3, d.id, clock_timestamp()
    from moved m, decided d
  returning id)
select count(*) from noted"""
_OPEN = "o.organization = $1::text::uuid"

READ_FAIR = f"{_SESSION} {_READ.format(source='s, ', guard=_ISOLATED)}"
WRITE_FAIR = f"{_SESSION}, {_WRITE.format(source='s, ', guard=_ISOLATED)}"
READ_RAW = _READ.format(source="", guard=_OPEN)
WRITE_RAW = f"with {_WRITE.format(source='', guard=_OPEN)}"
