-- Gates are transaction-scope advisory locks by class and hashed key. A change shares those it relies on and takes
-- exclusively those it moves, all of them first and in one order, in a statement of their own: a lock that waits
-- inside the proving statement would be followed by a proof from the snapshot before the wait.
-- Classes: 1 policy revision, 2 settings, 3 standing of an organization, 4 a person, 5 an idempotency key.

create function take_gates(fx effect[], proofs jsonb, idempotency jsonb) returns void language plpgsql as $$
declare
  classes integer[];
  keys integer[];
  exclusives boolean[];
begin
  select array_agg(g.class order by g.class, g.key), array_agg(g.key order by g.class, g.key),
         array_agg(g.exclusive order by g.class, g.key)
    into classes, keys, exclusives
    from (
      select n.class, n.key, bool_or(n.exclusive) as exclusive
        from (
          select case p.kind when 'revision' then 1 when 'settings' then 2 when 'standing' then 3 else 4 end as class,
                 case when p.kind in ('standing', 'person') then hashtext(p.id::text)
                      when p.kind = 'session' then hashtext((select s.person from session s where s.id = p.id)::text)
                      else 0 end as key,
                 false as exclusive
            from jsonb_to_recordset(proofs) as p(kind text, id uuid) where p.kind <> 'row'
          union all
          select m.class, coalesce(hashtext(m.key::text), 0), true
            from unnest(fx) e cross join lateral moved_gate(e) m
           where e.kind in ('EpochBump', 'StandingBump')
              or e.noun in ('policy_revision', 'runtime_setting', 'vendor', 'grant', 'session')
          union all
          select 5, hashtext(concat_ws('/', idempotency->>'organization', idempotency->>'person',
                                       idempotency->>'action', idempotency->>'key')), true
           where idempotency is not null and idempotency <> 'null') n
       where n.class is not null and n.key is not null
       group by n.class, n.key) g;
  if cardinality(classes) > 200 then
    perform coded('PC012', 'exhausted', jsonb_build_object('what', 'gates', 'limit', 200));
  end if;
  perform case when g.exclusive then pg_advisory_xact_lock(g.class, g.key)::text
               else pg_advisory_xact_lock_shared(g.class, g.key)::text end
     from unnest(classes, keys, exclusives) as g(class, key, exclusive);
end $$;

-- The gate that an effect moves something behind; a grant's and a session's person never changes, so it may be
-- looked up before the gate is held.
create function moved_gate(e effect, out class integer, out key uuid) language plpgsql stable as $$
begin
  case e.kind
    when 'EpochBump' then class := 4; key := e.person;
    when 'StandingBump' then class := 3; key := e.standing;
    when 'Advance', 'Create' then
      case e.noun
        when 'policy_revision' then class := 1;
        when 'runtime_setting' then class := 2;
        when 'vendor' then class := 3; key := e.organization;
        when 'grant' then
          class := 4;
          key := coalesce((e.row->>'person')::uuid, (select g.person from "grant" g where g.id = e.id));
        when 'session' then
          if e.kind = 'Advance' then class := 4; key := (select s.person from session s where s.id = e.id); end if;
        else null;
      end case;
    else null;
  end case;
end $$;
