-- invariant: 3
-- says: A failed purchase holds no stock, no live authorization and no order.
-- violations:
select r.organization, r.id, format('still %s, though its purchase %s failed', r.state, p.number) as what
  from purchase p
  join inventory_reservations r on r.counterparty = p.organization and r.purchase = p.id
 where p.state = 'failed' and r.state in ('held', 'finalized')
union all
select a.organization, a.id, format('still %s, though its purchase %s failed', a.state, p.number)
  from purchase p
  join "authorization" a on a.organization = p.organization and a.purchase = p.id
 where p.state = 'failed' and a.state in ('initiated', 'authorized', 'unknown')
union all
select o.organization, o.id, format('there, though its purchase %s is %s', p.number, p.state)
  from purchase p
  join orders o on o.organization = p.organization and o.purchase = p.id
 where p.state <> 'placed'
-- counted:
select count(*) from purchase
