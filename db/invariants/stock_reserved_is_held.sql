-- invariant: 2
-- says: What is reserved of a variant is the sum of its held reservations.
-- violations:
with held as (
  select r.organization, r.variant, sum(r.quantity) as quantity
    from inventory_reservations r
   where r.state = 'held'
   group by r.organization, r.variant)
select coalesce(s.organization, h.organization) as organization, coalesce(s.id, h.variant) as id,
       format('%s reserved, %s held', coalesce(s.reserved, 0), coalesce(h.quantity, 0)) as what
  from stock s
  full join held h on h.organization = s.organization and h.variant = s.variant
 where coalesce(s.reserved, 0) <> coalesce(h.quantity, 0)
-- counted:
select count(*) from stock
