-- One answer of the policy (or of the machine), as it is kept.
create function keep_decision(home uuid, decision jsonb) returns void language plpgsql as $$
begin
  insert into decision (
    organization, id, action, outcome, decider, person, account, session, on_behalf_of, on_behalf_organization,
    on_behalf_decision, role, roles, subject_noun, subject_home, subject, subject_state, subject_version, revision,
    reasons, obligations, effects, input, input_sha256, fault, took_ms, request_id, trace_id, channel, app_release)
  select keep_decision.home, d.id, d.action, d.outcome, d.decider, a.person, a.account, a.session, b.person, b.organization,
         b.decision, d.role, d.roles, s.noun, s.home, s.id, d.subject_state, d.subject_version, d.revision,
         d.reasons, d.obligations, d.effects, d.input, d.input_sha256, d.fault, d.took_ms, q.request_id, q.trace_id,
         q.channel, q.app_release
    from jsonb_to_record(keep_decision.decision) as d(
           id uuid, action text, outcome text, decider text, role text, roles text[], subject_state text,
           subject_version integer, revision integer, reasons jsonb, obligations jsonb, effects jsonb, input text,
           input_sha256 bytea, fault text, took_ms integer),
         jsonb_to_record(keep_decision.decision->'actor') as a(person uuid, account uuid, session uuid,
                                                               on_behalf_of jsonb),
         jsonb_to_record(coalesce(nullif(a.on_behalf_of, 'null'), '{}')) as b(person uuid, organization uuid,
                                                                              decision uuid),
         jsonb_to_record(coalesce(nullif(keep_decision.decision->'subject', 'null'), '{}')) as s(noun text, home uuid,
                                                                                                 id uuid),
         jsonb_to_record(keep_decision.decision->'request') as q(request_id text, trace_id text, channel text,
                                                                 app_release text);
end $$;

-- The mark of an allow in each home that it touches: what the journal there may rest on, without crossing homes.
create function keep_marks(home uuid, decision jsonb, fx effect[]) returns void language plpgsql as $$
begin
  insert into decision_mark (organization, id, allow, action)
  select distinct h.organization, (decision->>'id')::uuid, true, decision->>'action'
    from (select home as organization
          union select e.organization from unnest(fx) e where e.kind in ('Advance', 'Create')) h;
end $$;

-- The outcome under a client's key. `finish` replaces the running outcome of a saga.
create function keep_outcome(kept jsonb) returns void language plpgsql as $$
begin
  insert into idempotency as i (organization, person, action, key, fingerprint, state, outcome)
  select r.organization, r.person, r.action, r.key, r.fingerprint,
         case r.state when 'finish' then 'done' else r.state end, r.outcome
    from jsonb_to_record(kept) as r(organization uuid, person uuid, action text, key text, fingerprint bytea,
                                    state text, outcome jsonb)
  on conflict on constraint idempotency_pkey do update
    set state = 'done', outcome = excluded.outcome, updated_at = clock_timestamp()
  where i.state = 'running' and kept->>'state' = 'finish';
end $$;
