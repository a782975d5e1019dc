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
  moved uuid[];
begin
  -- A snapshot from before the gates would prove what no longer holds.
  if current_setting('transaction_isolation') <> 'read committed' then
    perform coded('PC090', 'isolation', jsonb_build_object('is', current_setting('transaction_isolation')));
  end if;
  perform set_config('app.org', home::text, true);
  fx := parse_effects(effects);
  perform take_gates(fx, proofs, idempotency);

  select r.code, r.entries into code, entries from replay(decision, idempotency) r;
  if code is not null then return; end if;

  perform may_decide(home, decision, proofs, fx);
  perform prove(home, decision, proofs, fx);
  perform is_listed(decision, fx);
  perform belongs(fx);
  perform keep_decision(home, decision);

  if decision->>'decider' <> 'bootstrap' then
    makers := array_remove(array[(decision->'actor'->>'person')::uuid,
                                 (decision->'actor'->'on_behalf_of'->>'person')::uuid], null);
  end if;
  moved := array(select e.id from unnest(fx) e where e.kind in ('Advance', 'Create'));
  for i in 1 .. coalesce(array_length(fx, 1), 0) loop
    fx[i] := apply_effect(fx[i], taken, makers, moved);
    if fx[i].kind = 'NumberTake' then
      taken := taken || jsonb_build_object(fx[i].counter, fx[i].amount);
    end if;
  end loop;

  perform holds_what_it_reserves(fx);
  perform keep_marks(home, decision, fx);
  perform keep_journal(home, decision, fx);
  if idempotency is not null and idempotency <> 'null' then perform keep_outcome(idempotency); end if;
  code := 'done';
  entries := jsonb_build_object('taken', taken);
end $$;

-- A key that was used before answers what was kept; `finish` goes on while its saga still runs.
create function replay(decision jsonb, idempotency jsonb, out code text, out entries jsonb) language plpgsql as $$
declare
  asked record;
  kept record;
begin
  if idempotency is null or idempotency = 'null' then return; end if;
  select * into asked from jsonb_to_record(idempotency)
      as r(organization uuid, person uuid, action text, key text, fingerprint bytea, state text);
  if asked.person is distinct from coalesce((decision->'actor'->'on_behalf_of'->>'person')::uuid,
                                            (decision->'actor'->>'person')::uuid) then
    perform coded('PC022', 'unlisted', jsonb_build_object('key', asked.key));
  end if;
  select i.state, i.fingerprint, i.outcome into kept from idempotency i
   where i.organization = asked.organization and i.person = asked.person
     and i.action = asked.action and i.key = asked.key;
  if not found then return; end if;
  if kept.fingerprint <> asked.fingerprint then
    code := 'mismatch';
  elsif asked.state <> 'finish' or kept.state = 'done' then
    code := 'replay';
    entries := jsonb_build_object('state', kept.state, 'fingerprint', kept.fingerprint, 'outcome', kept.outcome);
  end if;
end $$;
