-- Every fact that the permit relied on must still hold; the gates are held by now, so it holds until the commit.
create function prove(home uuid, decision jsonb, proofs jsonb, fx effect[]) returns void language plpgsql as $$
declare
  platform constant uuid := (select m.platform from marketplace m);
  actor constant uuid := (decision->'actor'->>'person')::uuid;
  relied_on constant text := decision->>'role';
  failed record;
  p record;
begin
  -- Scalar subqueries: an EXISTS could be answered from a hash of the whole table.
  select x.kind, x.id into failed
    from jsonb_to_recordset(proofs) as x(kind text, version integer, id uuid)
   where x.kind is distinct from 'row' and case x.kind
     when 'revision' then (
       select r.state = 'active' from policy_revision r where r.organization = platform and r.number = x.version)
     when 'settings' then (select true from marketplace m where m.settings_epoch = x.version)
     when 'standing' then (
       select true from organization o
        where o.organization = platform and o.id = x.id and o.standing_epoch = x.version)
     when 'person' then (
       -- and whoever acts still holds the role relied on, whose time may be over without a revoke
       select x.id is distinct from actor or relied_on is null or exists (
              select from "grant" g
               where g.organization = platform and g.person = actor and g.counterparty = home
                 and g.role = relied_on and g.state = 'live' and g.valid_from <= clock_timestamp()
                 and (g.valid_until is null or g.valid_until > clock_timestamp()))
         from person y where y.organization = platform and y.id = x.id and y.authority_epoch = x.version)
     when 'session' then (
       select true from session s
        where s.organization = platform and s.id = x.id and s.version = x.version and s.state = 'live'
          and s.person = actor)
     end is not true
   limit 1;
  if found then
    perform coded('PC020', 'revoked', jsonb_build_object('class', failed.kind, 'id', failed.id));
  end if;
  if not proofs @> '[{"kind": "row"}]' then return; end if;
  for p in
    select x.* from jsonb_to_recordset(proofs) as x(kind text, version integer, id uuid, noun text, organization uuid)
     where x.kind = 'row' order by x.noun, x.id
  loop
    -- A moved row is proven by its Advance; locking it shared first would only invite a deadlock.
    if not (exists (select from unnest(fx) e where e.kind = 'Advance' and e.id = p.id)
            or lock_parent(p.noun, p.organization, p.id, p.version)) then
      perform coded('PC020', 'revoked', jsonb_build_object('class', p.kind, 'id', p.id));
    end if;
  end loop;
end $$;
