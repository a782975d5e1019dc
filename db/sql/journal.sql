-- The journal rows of one change: one per Advance and Create, in order, each with its leaf.
create function keep_journal(home uuid, decision jsonb, fx effect[]) returns void language plpgsql as $$
declare
  j journal;
  shared text;
begin
  j.person := (decision->'actor'->>'person')::uuid;
  j.acting_for := home;
  j.on_behalf_of := (decision->'actor'->'on_behalf_of'->>'person')::uuid;
  j.role := coalesce(decision->>'role', 'system');
  j.roles := array(select jsonb_array_elements_text(decision->'roles'));
  j.decision := (decision->>'id')::uuid;
  j.revision := (decision->>'revision')::integer;
  j.request_id := decision->'request'->>'request_id';
  j.trace_id := decision->'request'->>'trace_id';
  j.app_release := decision->'request'->>'app_release';
  j.flags := '{}';
  j.payload_version := 1;
  j.at := clock_timestamp();
  shared := leaf_of_decision(j);
  insert into journal (
    organization, aggregate, version, id, noun, counterparty, source, target, action, event, person, acting_for,
    on_behalf_of, role, roles, decision, revision, request_id, trace_id, app_release, flags, payload_version, payload,
    at, leaf)
  select e.organization, e.id, e.version, e.entry, e.noun, e.counterparty, e.source, e.target, e.action, e.event,
         j.person, j.acting_for, j.on_behalf_of, j.role, j.roles, j.decision, j.revision, j.request_id, j.trace_id,
         j.app_release, j.flags, j.payload_version, coalesce(e.payload, '{}'), j.at,
         journal_leaf(e, shared, j.at)
    from unnest(fx) e
   where e.kind in ('Advance', 'Create');
  perform is_apart(coalesce(j.person, j.on_behalf_of), decision, fx);
end $$;

-- Nobody takes an action on a row of which they took one that is kept apart from it, in this change or long ago; and
-- such an action is always somebody's.
create function is_apart(who uuid, decision jsonb, fx effect[]) returns void language plpgsql as $$
declare
  e effect;
  earlier text[];
begin
  foreach e in array fx loop
    earlier := apart_of(e.action);
    continue when earlier is null;
    if (who is null and decision->>'decider' <> 'bootstrap') or exists (
         select from journal m
          where m.organization = e.organization and m.aggregate = e.id and m.action = any(earlier)
            and coalesce(m.person, m.on_behalf_of) = who) then
      perform coded('PC022', 'unlisted', jsonb_build_object('id', e.id, 'action', e.action, 'person', who));
    end if;
  end loop;
end $$;

-- SHA-256 over every column but xid, as netstrings in this order; null is `~`. docs/data-model.md has the exact rule.
create function journal_leaf(e effect, shared text, at timestamptz) returns bytea language plpgsql as $$
begin
  return sha256(convert_to('20:portcullis.journal.1,'
    || '36:' || e.organization || ',36:' || e.id || ',' || netstring(e.version::text) || '36:' || e.entry || ','
    || netstring(e.noun) || coalesce('36:' || e.counterparty || ',', '~') || netstring(e.source)
    || netstring(e.target) || netstring(e.action) || netstring(e.event) || shared
    || netstring(coalesce(e.payload, '{}')::text)
    || netstring(trunc(extract(epoch from at) * 1000000)::bigint::text), 'UTF8'));
end $$;

-- The middle of every leaf of one change: the columns from person to payload_version.
create function leaf_of_decision(j journal) returns text language plpgsql as $$
begin
  return coalesce('36:' || j.person || ',', '~') || '36:' || j.acting_for || ','
    || coalesce('36:' || j.on_behalf_of || ',', '~') || netstring(j.role) || netstrings(j.roles)
    || '36:' || j.decision || ',' || netstring(j.revision::text) || netstring(j.request_id) || netstring(j.trace_id)
    || netstring(j.app_release) || netstrings(j.flags) || netstring(j.payload_version::text);
end $$;

create function netstring(value text) returns text language plpgsql immutable as $$
begin
  return coalesce(octet_length(value) || ':' || value || ',', '~');
end $$;

-- A list is the netstring of its items' netstrings.
create function netstrings(items text[]) returns text language plpgsql immutable as $$
begin
  if cardinality(items) = 1 then return netstring(netstring(items[1])); end if;  -- as is nearly always so
  if items = '{}' then return '0:,'; end if;
  return netstring(coalesce((select string_agg(netstring(x.item), '' order by x.place)
                               from unnest(items) with ordinality as x(item, place)), ''));
end $$;
