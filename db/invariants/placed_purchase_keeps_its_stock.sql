-- invariant: 3
-- says: No hold of a placed purchase is released, and none stays a mere hold.
-- violations:
select r.organization, r.id, format('%s, though its purchase %s is placed', r.state, p.number) as what
  from inventory_reservations r
  join purchase p on p.organization = r.counterparty and p.id = r.purchase
 where p.state = 'placed' and r.state in ('held', 'released')
-- counted:
select count(*) from inventory_reservations
