-- invariant: 2
-- says: What is on hand of a variant is what came with it and every adjustment, less what was sold and did not come back.
-- violations:
with told as (
  select j.organization, j.aggregate,
         sum(case j.action when 'stock.create' then (j.payload->>'on_hand')::bigint
                           when 'stock.adjust' then (j.payload->>'delta')::bigint end) as brought
    from journal j
   where j.noun = 'stock'
   group by j.organization, j.aggregate),
sold as (
  select r.organization, r.variant, sum(r.quantity) as quantity
    from inventory_reservations r
   where r.state = 'finalized'
   group by r.organization, r.variant)
select s.organization, s.id, format('%s on hand of %s brought and %s sold', s.on_hand, t.brought, x.quantity) as what
  from stock s
  left join told t on t.organization = s.organization and t.aggregate = s.id
  left join sold x on x.organization = s.organization and x.variant = s.variant
 where s.on_hand <> coalesce(t.brought, 0) - coalesce(x.quantity, 0)
-- counted:
select count(*) from stock
