-- What comes along with a change, though no decision lists it: each such effect belongs to something that moves.

-- It belongs in the same home: a change of one thing touches no other. The text of a new subject (a reason) belongs to
-- the move whose journal row names it, and replaces nothing.
create function belongs(fx effect[]) returns void language plpgsql as $$
declare
  by_themselves constant text[] := '{Advance, Create, Put, StepRecord, StockMove}';  -- what they belong to, they prove
  companions boolean := false;
  x effect;
  stray effect;
begin
  foreach x in array fx loop
    companions := companions or x.kind <> all(by_themselves);
  end loop;
  if not companions then return; end if;
  select e.* into stray
    from unnest(fx) e
   where e.kind <> all(by_themselves)
     and not exists (
       select from unnest(fx) m
        where m.kind in ('Advance', 'Create', 'Put')
          and case e.kind
                when 'EpochBump' then m.noun = 'grant' and e.person = coalesce((m.row->>'person')::uuid, (
                  select g.person from "grant" g where g.organization = m.organization and g.id = m.id))
                when 'StandingBump' then m.noun = 'vendor' and m.organization = e.standing
                else m.organization = e.organization and case e.kind
                  when 'NumberTake' then m.kind = 'Create' and m.counter = e.counter
                  when 'Post' then m.id = e.cause
                  when 'CartLineAdd' then m.id = e.cart
                  when 'CartLinePut' then m.id = e.cart
                  when 'VaultPut' then m.id = e.subject or m.payload->>'reason' = e.subject::text and not exists (
                    select from vault_key k where k.organization = e.organization and k.subject = e.subject)
                  else m.id = e.id and m.noun = e.noun end end)
   limit 1;
  if found then
    perform coded('PC022', 'unlisted', jsonb_build_object('kind', stray.kind, 'organization', stray.organization));
  end if;
end $$;

-- What a change moves of a variant is what its journal tells: holds and their ends, adjustments, the first stock. So
-- reserved stays the sum of all holds, and on hand what was brought in less what was sold.
create function moves_what_it_tells(fx effect[]) returns void language plpgsql as $$
declare
  goods boolean := false;
  x effect;
  odd uuid;
begin
  foreach x in array fx loop
    goods := goods or x.kind = 'StockMove' or coalesce(x.noun, '') in ('reservation', 'stock');
  end loop;
  if not goods then return; end if;
  select d.variant into odd
    from (select e.organization, e.variant, e.reserved, e.on_hand, false as told
            from unnest(fx) e where e.kind = 'StockMove'
          union all
          select r.organization, r.variant,
                 case when e.source = 'held' then r.quantity else 0 end - case when e.target = 'held' then r.quantity else 0 end,
                 case e.target when 'finalized' then r.quantity when 'returned' then -r.quantity else 0 end, true
            from unnest(fx) e
            join inventory_reservations r on r.organization = e.organization and r.id = e.id
           where e.kind in ('Advance', 'Create') and e.noun = 'reservation'
          union all
          select s.organization, s.variant, coalesce((e.row->>'reserved')::integer, 0),
                 coalesce((e.row->>'on_hand')::integer, 0) - coalesce((case e.action
                   when 'stock.create' then e.payload->>'on_hand'
                   when 'stock.adjust' then e.payload->>'delta' end)::integer, 0), true
            from unnest(fx) e
            join stock s on s.organization = e.organization and s.id = e.id
           where e.kind in ('Advance', 'Create') and e.noun = 'stock') d
   group by d.organization, d.variant
  having sum(d.reserved) <> 0 or sum(d.on_hand) <> 0 or not bool_or(d.told)
   limit 1;
  if found then
    perform coded('PC022', 'unlisted', jsonb_build_object('variant', odd));
  end if;
end $$;
