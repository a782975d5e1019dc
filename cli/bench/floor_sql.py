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

# The floor of an approval writes what a hand-made service with the same promises would write, into tables of the same
# shape: columns, indexes, checks and foreign keys are those of ours. Fair: one function that takes the gates, sets the
# context of row-level security, then proves and writes all in one statement. Raw: that statement alone, by the owner.
COPIED = ("orders", "approval", "approval_answer", "journal", "decision", "decision_mark", "idempotency")
TABLES = f"""
drop schema if exists bench cascade;
create schema bench;
{chr(10).join(f"create table bench.{table} (like public.{table} including all);" for table in COPIED)}
"""
KEYS = """
alter table bench.journal add foreign key (organization, decision, decision_allow)
  references bench.decision_mark (organization, id, allow);
alter table bench.journal add foreign key (organization, aggregate, previous_version, source)
  references bench.journal (organization, aggregate, version, target);
alter table bench.orders add foreign key (organization, id, version, state)
  references bench.journal (organization, aggregate, version, target) deferrable initially deferred;
alter table bench.approval_answer add foreign key (organization, id) references bench.approval (organization, id);
analyze bench.orders, bench.journal, bench.approval;
"""
ISOLATION = """
alter table bench.{table} enable row level security;
alter table bench.{table} force row level security;
create policy tenant on bench.{table}
  using (organization = (select nullif(current_setting('app.org', true), '')::uuid)
         or (select m.platform = nullif(current_setting('app.org', true), '')::uuid from marketplace m));
create policy definer on bench.{table} to {owner} using (true);
grant select on bench.{table} to {role};
"""
# As many orders as there shall be approvals: copies of one of the organization's, placed and waiting for an answer.
FILL = """
with made as (select gen_random_uuid() as id, n from generate_series(1, $2::int) n),
of as (select o.*, g.id as decided from orders o cross join gen_random_uuid() g(id) where o.organization = $1 limit 1),
marked as (
  insert into bench.decision_mark select $1, decided, true, 'order.place' from of),
noted as (
  insert into bench.journal (organization, aggregate, version, id, noun, counterparty, target, action, event,
    acting_for, role, roles, decision, revision, request_id, trace_id, payload, leaf)
  select $1, m.id, 1, gen_random_uuid(), 'order', of.counterparty, 'placed', 'order.place', 'order.placed', $1,
         'system', '{system}', of.decided, 1, 'bench', 'bench', '{}', sha256(m.id::text::bytea)
    from made m, of),
asked as (
  insert into bench.approval select (jsonb_populate_record(t.a, jsonb_build_object(
           'id', gen_random_uuid(), 'order_id', m.id, 'organization', $1))).*
    from made m, (select a from approval a limit 1) t),
placed as (
  insert into bench.orders select (jsonb_populate_record(t.o, jsonb_build_object('id', m.id, 'number', 'BENCH-' || m.n,
           'state', 'placed', 'version', 1, 'placed_by', gen_random_uuid(), 'approved_by', null,
           'dispatched_by', null))).*
    from made m, (select o from orders o where o.organization = $1 limit 1) t)
select id from made"""

_WRITE = """
with ok as (
  select 1 from policy_revision r, person p, marketplace m
   where r.number = {revision} and r.state = 'active' and p.id = {person} and p.authority_epoch = {epoch}
     and m.settings_epoch = {settings}),
moved as (
  update bench.orders o set state = 'approved', version = o.version + 1, approved_by = {person},
         updated_at = clock_timestamp()
    from ok
   where o.organization = {home} and o.id = {order} and o.version = {version} and o.state = 'placed'
  returning o.organization, o.id, o.version, o.counterparty),
answered as (
  insert into bench.approval_answer (organization, id, answer, person)
  select a.organization, a.id, 'granted', {person} from moved m
    join bench.approval a on a.organization = m.organization and a.order_id = m.id),
decided as (
  insert into bench.decision (organization, id, action, outcome, decider, person, role, roles, subject_noun,
    subject_home, subject, subject_state, subject_version, revision, reasons, obligations, effects, input,
    input_sha256, took_ms, request_id, trace_id, channel)
  select {platform}, {decision}, 'order.approve', 'allowed', 'policy', {person}, 'service_manager',
         array['service_manager'], 'order', m.organization, m.id, 'placed', m.version - 1, {revision}, '[]', '[]',
         jsonb_build_array(jsonb_build_object('noun', 'order', 'id', m.id, 'action', 'order.approve')), {input},
         sha256(convert_to({input}, 'UTF8')), 1, {key}, {key}, 'api' from moved m),
marked as (
  insert into bench.decision_mark (organization, id, allow, action)
  select h, {decision}, true, 'order.approve' from moved m, unnest(array[{platform}, m.organization]) h),
noted as (
  insert into bench.journal (organization, aggregate, version, id, noun, counterparty, source, target, action, event,
    person, acting_for, role, roles, decision, revision, request_id, trace_id, payload, leaf)
  select m.organization, m.id, m.version, gen_random_uuid(), 'order', m.counterparty, 'placed', 'approved',
         'order.approve', 'order.approved', {person}, {platform}, 'service_manager', array['service_manager'],
         {decision}, {revision}, {key}, {key}, jsonb_build_object(), sha256(convert_to(concat_ws(',', m.organization,
           m.id, m.version, 'order', m.counterparty, 'order.approve', {person}, {platform}, {decision}, {revision},
           {key}), 'UTF8'))
    from moved m),
kept as (
  insert into bench.idempotency (organization, person, action, key, fingerprint, state, outcome)
  select {platform}, {person}, 'order.approve', {key}, sha256(convert_to({input}, 'UTF8')), 'done',
         jsonb_build_object('order', m.id) from moved m)
select count(*)"""
_NAMES = ("home", "order", "version", "person", "epoch", "platform", "revision", "settings", "decision", "input", "key")
_TYPES = ("uuid", "uuid", "int", "uuid", "int", "uuid", "int", "int", "uuid", "text", "text")
_PARAMETERS = ", ".join(f"_{name} {kind}" for name, kind in zip(_NAMES, _TYPES, strict=True))
_PLACES = [f"${place}::{kind}" for place, kind in enumerate(_TYPES, 1)]
FUNCTION = f"""
create function bench.approve({_PARAMETERS}) returns bigint language plpgsql
  security definer set search_path = pg_catalog, public, pg_temp as $$
declare done bigint;
begin
  perform set_config('app.org', _platform::text, true);
  perform pg_advisory_xact_lock_shared(1, 0), pg_advisory_xact_lock_shared(2, 0),
          pg_advisory_xact_lock_shared(3, hashtext(_home::text)),
          pg_advisory_xact_lock_shared(4, hashtext(_person::text)), pg_advisory_xact_lock(5, hashtext(_key));
  {_WRITE.format(**{name: f"_{name}" for name in _NAMES})} into done from moved;
  return done;
end $$;
grant usage on schema bench to {{role}};
grant execute on function bench.approve to {{role}};
"""

_FACTS = """o.number, o.state, o.version, p.authority_epoch, m.settings_epoch, m.platform,
       (select max(r.number) from policy_revision r where r.state = 'active') as revision
  from bench.orders o, person p, marketplace m"""
READ_FAIR = f"""
with s as materialized (select set_config('app.org', (select m.platform from marketplace m)::text, true) as org)
select f.* from s cross join lateral (
  select {_FACTS} where s.org is not null and o.organization = $1 and o.id = $2 and p.id = $3 offset 0) f"""
READ_RAW = f"select {_FACTS} where o.organization = $1 and o.id = $2 and p.id = $3"
WRITE_FAIR = f"select bench.approve({', '.join(_PLACES)})"
WRITE_RAW = f"{_WRITE.format(**dict(zip(_NAMES, _PLACES, strict=True)))} from moved"
