-- The other doors of the application roles. Each is small, and none moves a state.

-- Keep a denial. Beyond twenty a minute for one person they are counted, and each hundredth is kept.
create function deny(decision jsonb) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  home uuid := (decision->'actor'->>'organization')::uuid;
  who uuid := coalesce((decision->'actor'->>'person')::uuid, (decision->'actor'->'on_behalf_of'->>'person')::uuid,
                       '00000000-0000-0000-0000-000000000000');
  times integer;
begin
  if coalesce(decision->>'outcome', '') not in ('denied', 'failed_closed') then
    perform coded('PC022', 'unlisted', jsonb_build_object('outcome', decision->>'outcome'));
  end if;
  perform set_config('app.org', home::text, true);
  insert into denial_count as c (organization, person, minute, outcome, denied)
  values (home, who, date_trunc('minute', clock_timestamp()), decision->>'outcome', 1)
  on conflict on constraint denial_count_pkey do update set denied = c.denied + 1
  returning c.denied into times;
  if times > 20 and times % 100 <> 0 then return false; end if;
  perform keep_decision(home, decision);
  return true;
end $$;

-- Store a final refusal under its key, of somebody who may act there; what a twin stored first is answered instead.
create function remember(idempotency jsonb, out state text, out fingerprint bytea, out outcome jsonb)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if idempotency->>'state' is distinct from 'done' then
    perform coded('PC022', 'unlisted', jsonb_build_object('state', idempotency->>'state'));
  end if;
  if (jsonb_typeof(idempotency->'outcome'->'refusal') = 'object' and idempotency->'outcome'->'nouns' = '{}'
      and idempotency->'outcome'->'values' = '{}' and idempotency->'outcome'->'saga' = 'null'
      and is_about(idempotency)) is not true then
    perform coded('PC022', 'unlisted', jsonb_build_object('key', idempotency->>'key'));
  end if;
  perform set_config('app.org', idempotency->>'organization', true);
  perform take_gates('{}', '[]', idempotency);
  perform keep_outcome(idempotency);
  select i.state, i.fingerprint, i.outcome into state, fingerprint, outcome from idempotency i
   where i.organization = (remember.idempotency->>'organization')::uuid
     and i.person = (remember.idempotency->>'person')::uuid
     and i.action = remember.idempotency->>'action' and i.key = remember.idempotency->>'key';
end $$;

-- Whether the person of a key is about: signed in, or at least with a role where the key would be kept.
create function is_about(idempotency jsonb) returns boolean language plpgsql as $$
declare
  platform constant uuid := (select m.platform from marketplace m);
  who constant uuid := (idempotency->>'person')::uuid;
begin
  return exists (select from session s where s.organization = platform and s.person = who and s.state = 'live')
      or exists (select from "grant" g where g.organization = platform and g.person = who and g.state = 'live'
                    and g.counterparty = (idempotency->>'organization')::uuid);
end $$;

-- For how long a lease may be held from now on: a saga's is short, so that nobody keeps it from the others; whoever
-- tries a timer in vain keeps it away for longer each time.
create function may_last(name text, seconds integer) returns void language plpgsql as $$
begin
  if (seconds between 0 and case when name like 'timer:%' then 3600 else 60 end) is not true then
    perform coded('PC022', 'unlisted', jsonb_build_object('lease', name, 'seconds', seconds));
  end if;
end $$;

-- Take a lease that nobody holds (any more); the fence says which holding it is. Null: somebody else has it.
create function lease(name text, organization uuid, holder uuid, seconds integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  taken bigint;
begin
  perform may_last(name, seconds);
  insert into lease as l (name, organization, holder, fence, until)
  values (lease.name, lease.organization, lease.holder, 1, clock_timestamp() + make_interval(secs => seconds))
  on conflict on constraint lease_pkey do update
    set holder = excluded.holder, fence = l.fence + 1, until = excluded.until
  where l.until <= clock_timestamp() and l.organization = excluded.organization
  returning l.fence into taken;
  return taken;
end $$;

-- Hold a lease longer, or with 0 seconds give it back; false when it belongs to somebody else by now.
create function beat(name text, holder uuid, fence bigint, seconds integer) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform may_last(name, seconds);
  update lease l set until = clock_timestamp() + make_interval(secs => seconds)
   where l.name = beat.name and l.holder = beat.holder and l.fence = beat.fence;
  return found;
end $$;

-- A session was used; written at most once a minute.
create function touch_session(session uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update session s set last_seen_at = clock_timestamp()
   where s.organization = (select m.platform from marketplace m) and s.id = touch_session.session
     and s.state = 'live' and s.last_seen_at < clock_timestamp() - interval '1 minute';
  return found;
end $$;

-- What a person holds now, in whichever organization: a new role must not conflict with any of it. Only roles are told.
create function held_roles(person uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(distinct jsonb_build_object('organization', g.counterparty, 'role', g.role)), '[]')
            from "grant" g
           where g.organization = (select m.platform from marketplace m) and g.person = held_roles.person
             and g.state = 'live' and g.valid_from <= clock_timestamp()
             and (g.valid_until is null or g.valid_until > clock_timestamp()));
end $$;
