-- One answer of the policy (or of the machine), as it is kept.
create function keep_decision(home uuid, decision jsonb) returns void language plpgsql as $$
declare
  actor constant jsonb := decision->'actor';
  behalf constant jsonb := actor->'on_behalf_of';
  subject constant jsonb := decision->'subject';
  request constant jsonb := decision->'request';
begin
  insert into decision (
    organization, id, action, outcome, decider, person, account, session, on_behalf_of, on_behalf_organization,
    on_behalf_decision, role, roles, subject_noun, subject_home, subject, subject_state, subject_version, revision,
    reasons, obligations, effects, input, input_sha256, fault, took_ms, request_id, trace_id, channel, app_release)
  values (
    home, (decision->>'id')::uuid, decision->>'action', decision->>'outcome', decision->>'decider',
    (actor->>'person')::uuid, (actor->>'account')::uuid, (actor->>'session')::uuid, (behalf->>'person')::uuid,
    (behalf->>'organization')::uuid, (behalf->>'decision')::uuid, decision->>'role',
    array(select jsonb_array_elements_text(decision->'roles')), subject->>'noun', (subject->>'home')::uuid,
    (subject->>'id')::uuid, decision->>'subject_state', (decision->>'subject_version')::integer,
    (decision->>'revision')::integer, decision->'reasons', decision->'obligations', decision->'effects',
    decision->>'input', (decision->>'input_sha256')::bytea, decision->>'fault', (decision->>'took_ms')::integer,
    request->>'request_id', request->>'trace_id', request->>'channel', request->>'app_release');
end $$;

-- The mark of an allow in each home that it touches: what the journal there may rest on, without crossing homes.
create function keep_marks(home uuid, decision jsonb, fx effect[]) returns void language plpgsql as $$
declare
  homes uuid[] := array[home];
  e effect;
begin
  foreach e in array fx loop
    if e.kind in ('Advance', 'Create') and e.organization <> all(homes) then homes := homes || e.organization; end if;
  end loop;
  insert into decision_mark (organization, id, allow, action)
  select touched, (decision->>'id')::uuid, true, decision->>'action' from unnest(homes) touched;
end $$;

-- The outcome under a client's key. `finish` replaces the running outcome of a saga.
create function keep_outcome(kept jsonb) returns void language plpgsql as $$
begin
  insert into idempotency as i (organization, person, action, key, fingerprint, state, outcome)
  values ((kept->>'organization')::uuid, (kept->>'person')::uuid, kept->>'action', kept->>'key',
          (kept->>'fingerprint')::bytea, case kept->>'state' when 'finish' then 'done' else kept->>'state' end,
          nullif(kept->'outcome', 'null'))
  on conflict on constraint idempotency_pkey do update
    set state = 'done', outcome = excluded.outcome, updated_at = clock_timestamp()
  where i.state = 'running' and kept->>'state' = 'finish';
end $$;
