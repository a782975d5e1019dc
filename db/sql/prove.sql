-- Every fact that the permit relied on must still hold; the gates are held by now, so it holds until the commit.
create function prove(home uuid, decision jsonb, proofs jsonb, fx effect[]) returns void language plpgsql as $$
declare
  p record;
  platform uuid := (select m.platform from marketplace m);
  actor uuid := (decision->'actor'->>'person')::uuid;
  holds boolean;
begin
  for p in
    select x.* from jsonb_to_recordset(proofs)
        as x(kind text, version integer, id uuid, noun text, organization uuid)
     order by x.kind = 'row', x.noun, x.id
  loop
    case p.kind
      when 'revision' then
        holds := exists (select from policy_revision r
                          where r.organization = platform and r.number = p.version and r.state = 'active');
      when 'settings' then
        holds := exists (select from marketplace m where m.settings_epoch = p.version);
      when 'standing' then
        holds := exists (select from organization o
                          where o.organization = platform and o.id = p.id and o.standing_epoch = p.version);
      when 'person' then
        holds := exists (select from person x
                          where x.organization = platform and x.id = p.id and x.authority_epoch = p.version
                            -- and whoever acts still holds the role relied on, whose time may be over without a revoke
                            and (x.id is distinct from actor or decision->>'role' is null or exists (
                                   select from "grant" g
                                    where g.organization = platform and g.person = x.id and g.counterparty = home
                                      and g.role = decision->>'role' and g.state = 'live'
                                      and g.valid_from <= clock_timestamp()
                                      and (g.valid_until is null or g.valid_until > clock_timestamp()))));
      when 'session' then
        holds := exists (select from session s
                          where s.organization = platform and s.id = p.id and s.version = p.version
                            and s.state = 'live' and s.person = actor);
      when 'row' then
        -- A moved row is proven by its Advance; locking it shared first would only invite a deadlock.
        holds := exists (select from unnest(fx) e where e.kind = 'Advance' and e.id = p.id)
              or lock_parent(p.noun, p.organization, p.id, p.version);
    end case;
    if not holds then
      perform coded('PC020', 'revoked', jsonb_build_object('class', p.kind, 'id', p.id));
    end if;
  end loop;
end $$;
