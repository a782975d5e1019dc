-- Gates are transaction-scope advisory locks by class and hashed key. A change shares those it relies on and takes
-- exclusively those it moves, all of them first and in one order, in a statement of their own: a lock that waits
-- inside the proving statement would be followed by a proof from the snapshot before the wait.
-- Classes: 1 policy revision, 2 settings, 3 standing of an organization, 4 a person, 5 an idempotency key.

create function take_gates(fx effect[], proofs jsonb, idempotency jsonb) returns void language plpgsql as $$
declare
  movers boolean := false;
  e effect;
  gates bigint[];
  gate bigint;
  class integer;
  key integer;
  held text;
begin
  select array_agg(distinct n.gate order by n.gate) into gates
    from (select gate_of(case p.kind when 'revision' then 1 when 'settings' then 2 when 'standing' then 3 else 4 end,
                         case when p.kind in ('standing', 'person') then p.id
                              when p.kind = 'session' then (select s.person from session s where s.id = p.id) end,
                         false) as gate
            from jsonb_to_recordset(proofs) as p(kind text, id uuid) where p.kind <> 'row') n;
  foreach e in array fx loop
    movers := movers or e.kind in ('EpochBump', 'StandingBump')
           or coalesce(e.noun, '') in ('policy_revision', 'runtime_setting', 'vendor', 'grant', 'session');
  end loop;
  if movers then
    select array_agg(distinct n.gate order by n.gate) into gates
      from (select unnest(gates) as gate
            union all
            select gate_of(m.class, m.key, true) from unnest(fx) x cross join lateral moved_gate(x) m) n
     where n.gate is not null;
  end if;
  if cardinality(gates) > 200 then
    perform coded('PC012', 'exhausted', jsonb_build_object('what', 'gates', 'limit', 200));
  end if;
  foreach gate in array coalesce(gates, '{}') loop
    class := gate >> 33;
    key := ((gate >> 1) & 4294967295) - 2147483648;
    if gate & 1 = 0 then held := pg_advisory_xact_lock(class, key)::text;
    else held := pg_advisory_xact_lock_shared(class, key)::text;
    end if;
  end loop;
  if idempotency is not null and idempotency <> 'null' then
    held := pg_advisory_xact_lock(5, hashtext(concat_ws('/', idempotency->>'organization', idempotency->>'person',
                                                        idempotency->>'action', idempotency->>'key')))::text;
  end if;
end $$;

-- A gate as one number that sorts as gates are taken: by class, by hashed key (0 without one), the exclusive one first.
create function gate_of(class integer, about uuid, exclusive boolean) returns bigint language plpgsql immutable as $$
begin
  return (class::bigint << 33) + ((coalesce(hashtext(about::text), 0)::bigint + 2147483648) << 1)
         + case when exclusive then 0 else 1 end;
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
