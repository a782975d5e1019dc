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

# The floor of an approval has tables of its own, as a hand-made service would. Fair: one function that takes the gates
# of policy and person, sets the context of row-level security, then proves and writes all in one statement. Raw: that
# statement alone, by the tables' owner.
TABLES = """
drop schema if exists bench cascade;
create schema bench;
create table bench.person (id uuid primary key, authority_epoch int not null);
create table bench.revision (number int primary key, state text not null);
create table bench.orders (
  organization uuid not null, id uuid not null, number text not null, state text not null, version int not null,
  approved_by uuid, updated_at timestamptz not null default now(), primary key (organization, id));
create table bench.decision (
  organization uuid not null, id uuid not null, action text not null, outcome text not null, person uuid not null,
  revision int not null, input jsonb not null, at timestamptz not null, primary key (organization, id));
create table bench.journal (
  organization uuid not null, aggregate uuid not null, version int not null, source text not null,
  target text not null, person uuid not null, decision uuid not null, at timestamptz not null,
  primary key (organization, aggregate, version),
  foreign key (organization, decision) references bench.decision);
create table bench.idempotency (
  organization uuid not null, person uuid not null, key text not null, outcome jsonb not null,
  primary key (organization, person, key));
"""
ISOLATION = """
alter table bench.{table} enable row level security;
alter table bench.{table} force row level security;
create policy tenant on bench.{table}
  using (organization = (select nullif(current_setting('app.org', true), '')::uuid));
create policy definer on bench.{table} to {owner} using (true);
grant select on bench.{table} to {role};
"""
GRANTS = """
grant usage on schema bench to {role};
grant select on bench.person to {role};
insert into bench.revision values (1, 'active');
"""
FILL = """
insert into bench.orders (organization, id, number, state, version)
select $1, gen_random_uuid(), 'BENCH-' || n, 'placed', 1 from generate_series(1, $2::int) n
returning id"""

_WRITE = """
with ok as (
  select 1 from bench.revision r, bench.person p where r.number = 1 and r.state = 'active' and p.id = {person}
     and p.authority_epoch = {epoch}),
moved as (
  update bench.orders o set state = 'approved', version = o.version + 1, approved_by = {person},
         updated_at = clock_timestamp()
    from ok
   where o.organization = {home} and o.id = {order} and o.version = {version} and o.state = 'placed'
  returning o.organization, o.id, o.version),
decided as (
  insert into bench.decision (organization, id, action, outcome, person, revision, input, at)
  select m.organization, {decision}, 'order.approve', 'allowed', {person}, 1, {input}, clock_timestamp() from moved m),
noted as (
  insert into bench.journal (organization, aggregate, version, source, target, person, decision, at)
  select m.organization, m.id, m.version, 'placed', 'approved', {person}, {decision}, clock_timestamp() from moved m),
kept as (
  insert into bench.idempotency (organization, person, key, outcome)
  select m.organization, {person}, {key}, jsonb_build_object('order', m.id) from moved m)
select count(*)"""
_NAMES = ("home", "order", "person", "version", "epoch", "decision", "input", "key")
_TYPES = ("uuid", "uuid", "uuid", "int", "int", "uuid", "jsonb", "text")
_PARAMETERS = ", ".join(f"_{name} {kind}" for name, kind in zip(_NAMES, _TYPES, strict=True))
_PLACES = [f"${place}::{kind}" for place, kind in enumerate(_TYPES, 1)]
FUNCTION = f"""
create function bench.approve({_PARAMETERS}) returns bigint language plpgsql
  security definer set search_path = bench, pg_temp as $$
declare done bigint;
begin
  perform set_config('app.org', _home::text, true);
  perform pg_advisory_xact_lock_shared(1, 0), pg_advisory_xact_lock_shared(2, hashtext(_person::text));
  {_WRITE.format(**{name: f"_{name}" for name in _NAMES})} into done from moved;
  return done;
end $$;
grant execute on function bench.approve to {{role}};
"""

_FACTS = "o.number, o.state, o.version, p.authority_epoch from bench.orders o, bench.person p"
READ_FAIR = f"""
with s as materialized (select set_config('app.org', $1::uuid::text, true) as org)
select f.* from s cross join lateral (
  select {_FACTS} where o.organization = s.org::uuid and o.id = $2 and p.id = $3 offset 0) f"""
READ_RAW = f"select {_FACTS} where o.organization = $1 and o.id = $2 and p.id = $3"
WRITE_FAIR = f"select bench.approve({', '.join(_PLACES)})"
WRITE_RAW = f"{_WRITE.format(**dict(zip(_NAMES, _PLACES, strict=True)))} from moved"
