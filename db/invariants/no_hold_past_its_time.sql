-- invariant: 19
-- says: After quiet: no stock is held longer than it may be, and two sweeps.
-- violations:
select r.organization, r.id, format('held until %s for purchase %s', r.expires_at, r.purchase) as what
  from inventory_reservations r
 where r.state = 'held' and r.expires_at < clock_timestamp() - interval '60 seconds'
-- counted:
select count(*) from inventory_reservations where state = 'held'
