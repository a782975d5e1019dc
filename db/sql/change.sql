-- The one write. `domain` decided what; this proves that it may still happen, writes it, and says what refused.
-- Called alone, never inside a transaction of the caller's, in READ COMMITTED.
create function change(
  home uuid, decision jsonb, proofs jsonb, effects jsonb, idempotency jsonb,
  out code text, out entries jsonb
) language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  fx effect[];
  taken jsonb := '{}';
  makers uuid[];
  moved uuid[] := '{}';
begin
  -- A snapshot from before the gates would prove what no longer holds.
  if current_setting('transaction_isolation') <> 'read committed' then
    perform coded('PC090', 'isolation', jsonb_build_object('is', current_setting('transaction_isolation')));
  end if;
  if jsonb_array_length(effects) > 5000 then
    perform coded('PC012', 'exhausted', jsonb_build_object('what', 'effects', 'limit', 5000));
  end if;
  perform set_config('app.org', home::text, true);
  fx := parse_effects(effects);
  perform take_gates(fx, proofs, idempotency);

  if idempotency is not null and idempotency <> 'null' then
    select r.code, r.entries into code, entries from replay(home, decision, fx, idempotency) r;
    if code is not null then return; end if;
  end if;

  perform may_decide(home, decision, proofs, fx);
  perform prove(home, decision, proofs, fx);
  perform is_listed(decision, fx);
  perform belongs(fx);
  perform keep_decision(home, decision);

  if decision->>'decider' <> 'bootstrap' then
    makers := array_remove(array[(decision->'actor'->>'person')::uuid,
                                 (decision->'actor'->'on_behalf_of'->>'person')::uuid], null);
  end if;
  for i in 1 .. cardinality(fx) loop
    if fx[i].kind in ('Advance', 'Create') then moved := moved || fx[i].id; end if;
  end loop;
  for i in 1 .. cardinality(fx) loop
    fx[i] := apply_effect(fx[i], taken, makers, moved);
    if fx[i].kind = 'NumberTake' then
      taken := taken || jsonb_build_object(fx[i].counter, fx[i].amount);
    end if;
  end loop;

  perform moves_what_it_tells(fx);
  perform keep_marks(home, decision, fx);
  perform keep_journal(home, decision, fx);
  if idempotency is not null and idempotency <> 'null' then perform keep_outcome(idempotency); end if;
  code := 'done';
  entries := jsonb_build_object('taken', taken);
end $$;

-- A key that was used before answers what was kept; `finish` goes on while its saga still runs.
create function replay(
  home uuid, decision jsonb, fx effect[], idempotency jsonb, out code text, out entries jsonb
) language plpgsql as $$
declare
  kept record;
begin
  if not owns_key(home, decision, fx, idempotency) then
    perform coded('PC022', 'unlisted', jsonb_build_object('key', idempotency->'key'));
  end if;
  select i.state, i.fingerprint, i.outcome into kept from idempotency i
   where i.organization = (replay.idempotency->>'organization')::uuid
     and i.person = (replay.idempotency->>'person')::uuid
     and i.action = replay.idempotency->>'action' and i.key = replay.idempotency->>'key';
  if not found then return; end if;
  if kept.fingerprint <> (idempotency->>'fingerprint')::bytea then
    code := 'mismatch';
  elsif idempotency->>'state' <> 'finish' or kept.state = 'done' then
    code := 'replay';
    entries := jsonb_build_object('state', kept.state, 'fingerprint', kept.fingerprint, 'outcome', kept.outcome);
  end if;
end $$;

-- A key belongs to the person who acts, for the very action that is decided; the system may only finish what the saga
-- that it takes a step further has kept running under the saga's own key.
create function owns_key(home uuid, decision jsonb, fx effect[], idempotency jsonb) returns boolean language plpgsql as $$
declare
  person constant uuid := (decision->'actor'->>'person')::uuid;
  behalf constant uuid := (decision->'actor'->'on_behalf_of'->>'person')::uuid;
  owner constant uuid := (idempotency->>'person')::uuid;
  finishes constant boolean := idempotency->>'state' = 'finish';
begin
  if decision->>'decider' = 'bootstrap' then return (owner = behalf) is true; end if;
  if person is not null then
    return (owner = person and (idempotency->>'organization')::uuid = home
            and idempotency->'action' = decision->'action' and not finishes) is true;
  end if;
  return finishes and owner = behalf and exists (
    select from unnest(fx) e join saga s on s.organization = e.organization and s.id = e.saga
     where e.kind = 'StepRecord' and s.acting_for = (idempotency->>'organization')::uuid and s.person = owner
       and s.key_action = idempotency->>'action' and s.key = idempotency->>'key'
       and s.fingerprint = (idempotency->>'fingerprint')::bytea);
end $$;
