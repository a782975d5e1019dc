-- invariant: 5
-- says: The ledger has exactly what each order says: committed since placement, charged once dispatched, given back when it ended.
-- violations:
with booked as (
  select t.organization, t.cause, bool_and(t.currency = o.currency) as one_currency,
         coalesce(sum(t.amount) filter (where t.debit = 'memo:committed'), 0) as committed,
         coalesce(sum(t.amount) filter (where t.credit = 'memo:committed'), 0) as given_back,
         coalesce(sum(t.amount) filter (where t.debit = 'provider:clearing'), 0) as charged
    from transfer t
    join orders o on o.organization = t.organization and o.id = t.cause
   group by t.organization, t.cause)
select o.organization, o.id, format('order %s of %s is %s: committed %s, given back %s, charged %s', o.number,
                                    o.total_minor, o.state, b.committed, b.given_back, b.charged) as what
  from orders o
  left join booked b on b.organization = o.organization and b.cause = o.id
 where o.total_minor > 0
   and (b.cause is null or not b.one_currency or b.committed <> o.total_minor
     or b.given_back <> case when o.state in ('placed', 'approved') then 0 else o.total_minor end
     or b.charged <> case when o.state in ('dispatched', 'delivered', 'completed') then o.total_minor else 0 end)
-- counted:
select count(*) from orders
