-- What a decision permits: whether it may permit anything, that it lists whatever moves, and nothing else comes along.

-- Who may decide: policy with its proofs and in time; the machine alone for the closed list; the seed until opening.
create function may_decide(home uuid, decision jsonb, proofs jsonb, fx effect[]) returns void language plpgsql as $$
begin
  if decision->>'outcome' is distinct from 'allowed' then
    perform coded('PC022', 'unlisted', jsonb_build_object('outcome', decision->>'outcome'));
  end if;
  if clock_timestamp() > to_timestamp((decision->>'not_after')::double precision) then
    perform coded('PC021', 'expired', jsonb_build_object('not_after', decision->'not_after'));
  end if;
  if decision->>'decider' = 'policy' and (to_timestamp((decision->>'not_after')::double precision)
       <= clock_timestamp() + interval '5 seconds') is not true then  -- nor is there none: a permit lasts two
    perform coded('PC022', 'unlisted', jsonb_build_object('not_after', decision->'not_after'));
  end if;
  perform acts_for_one(decision, fx);
  case decision->>'decider'
    when 'policy' then
      perform is_proven(home, decision, proofs);
      perform answers_its_question(home, decision);
    when 'fixed' then null;  -- the CHECK on decision has the closed list
    when 'bootstrap' then perform may_bootstrap(decision, fx);
    else perform coded('PC022', 'unlisted', jsonb_build_object('decider', decision->>'decider'));
  end case;
end $$;

-- A person acts, or the system does: then for nobody but whose saga it takes a step further, which its lease proves.
create function acts_for_one(decision jsonb, fx effect[]) returns void language plpgsql as $$
declare
  actor constant jsonb := decision->'actor';
  behalf constant jsonb := nullif(actor->'on_behalf_of', 'null');
begin
  if behalf is null or decision->>'decider' = 'bootstrap' then return; end if;
  if actor->>'person' is not null or not exists (
       select from unnest(fx) e join saga s on s.organization = e.organization and s.id = e.saga
        where e.kind = 'StepRecord' and s.person = (behalf->>'person')::uuid
          and s.acting_for = (behalf->>'organization')::uuid
          and s.decision is not distinct from (behalf->>'decision')::uuid) then
    perform coded('PC022', 'unlisted', jsonb_build_object('on_behalf_of', behalf));
  end if;
end $$;

-- A permit of the policy names at least what every question relies on; leaving a proof out is no way around it.
create function is_proven(home uuid, decision jsonb, proofs jsonb) returns void language plpgsql as $$
begin
  if (proofs @> jsonb_build_array(jsonb_build_object('kind', 'revision', 'version', decision->'revision'))
      and proofs @> '[{"kind": "settings"}]'
      and proofs @> jsonb_build_array(jsonb_build_object('kind', 'standing', 'id', home))
      and (decision->'actor'->>'person' is null or proofs @> jsonb_build_array(
             jsonb_build_object('kind', 'person', 'id', decision->'actor'->'person')))
      and (decision->'actor'->>'session' is null or proofs @> jsonb_build_array(
             jsonb_build_object('kind', 'session', 'id', decision->'actor'->'session')))) is not true then  -- nor is null
    perform coded('PC022', 'unlisted', jsonb_build_object('proofs', proofs));
  end if;
end $$;

-- Until the marketplace is opened; afterwards the supervisor, as the owner, may install a newer policy revision,
-- so that an edited rule takes effect at the next start. Never in production.
create function may_bootstrap(decision jsonb, fx effect[]) returns void language plpgsql as $$
begin
  if exists (select from marketplace m where m.opened_at is null) then return; end if;
  if pg_has_role(session_user, current_user, 'member') and decision->>'action' = 'policy_revision.install'
     and not exists (select from unnest(fx) e where e.noun is distinct from 'policy_revision')
     and exists (select from marketplace m where not m.production) then return; end if;
  perform coded('PC022', 'unlisted', jsonb_build_object('decider', 'bootstrap'));
end $$;

-- Every move is listed. A condition with a SELECT in it starts an executor each time, so what costs less is asked first.
create function is_listed(decision jsonb, fx effect[]) returns void language plpgsql as $$
declare
  e effect;
begin
  foreach e in array fx loop
    if e.kind in ('Advance', 'Create') and not decision->'effects' @> jsonb_build_array(
         jsonb_build_object('noun', e.noun, 'id', e.id, 'action', e.action)) then
      perform coded('PC022', 'unlisted', jsonb_build_object('noun', e.noun, 'id', e.id, 'action', e.action));
    end if;
    -- A saga moves only with a step, whose fence says that whoever moves it still holds its lease.
    if e.kind = 'Advance' and e.noun = 'saga' and decision->>'decider' <> 'bootstrap' then
      if not exists (select from unnest(fx) s where s.kind = 'StepRecord' and s.saga = e.id) then
        perform coded('PC013', 'fenced', jsonb_build_object('noun', 'saga', 'id', e.id));
      end if;
    end if;
    if e.action = 'order.auto_approve' and decision->>'decider' = 'policy' and not decision->'obligations' @>
         jsonb_build_array(jsonb_build_object('kind', 'auto_approval', 'order', e.id)) then
      perform coded('PC022', 'unlisted', jsonb_build_object('noun', e.noun, 'id', e.id, 'action', e.action));
    end if;
  end loop;
  if decision->'obligations' <> '[]' then
    perform is_obeyed(decision->'obligations', fx);
  end if;
end $$;

-- Every obligation has its effect.
create function is_obeyed(obligations jsonb, fx effect[]) returns void language plpgsql as $$
declare
  o record;
  done boolean;
begin
  for o in select * from jsonb_to_recordset(obligations) as x(kind text, "order" uuid, role text) loop
    done := case o.kind
      when 'approval' then exists (
        select from unnest(fx) e where e.kind = 'Put' and e."table" = 'approval'
           and (e.row->>'order_id')::uuid = o."order" and e.row->>'role' = o.role)
      when 'auto_approval' then exists (
        select from unnest(fx) e where e.kind = 'Advance' and e.action = 'order.auto_approve' and e.id = o."order")
      else false end;
    if not done then
      perform coded('PC022', 'unlisted', jsonb_build_object('obligation', o.kind, 'order', o."order"));
    end if;
  end loop;
end $$;
