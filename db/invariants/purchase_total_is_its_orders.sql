-- invariant: 4
-- says: A placed purchase has orders, and their totals sum to its own.
-- violations:
select p.organization, p.id, format('purchase %s has total %s, its %s orders %s', p.number, p.total_minor, o.orders,
                                    o.total) as what
  from purchase p
 cross join lateral (
   select count(*) as orders, coalesce(sum(x.total_minor), 0) as total,
          coalesce(bool_and(x.currency = p.currency), false) as one_currency
     from orders x
    where x.organization = p.organization and x.purchase = p.id) o
 where p.state = 'placed' and (o.total <> p.total_minor or not o.one_currency)
-- counted:
select count(*) from purchase where state = 'placed'
