-- invariant: 6
-- says: A purchase has at most one live authorization, and a placed one was authorized for its whole total.
-- violations:
select a.organization, a.purchase as id, format('%s live authorizations', count(*)) as what
  from "authorization" a
 where a.state in ('initiated', 'authorized', 'unknown')
 group by a.organization, a.purchase
having count(*) > 1
union all
select p.organization, p.id, format('purchase %s of %s was placed without its money', p.number, p.total_minor)
  from purchase p
 where p.state = 'placed' and p.total_minor > 0
   and not exists (
     select from "authorization" a
      where a.organization = p.organization and a.purchase = p.id and a.amount_minor = p.total_minor
        and a.currency = p.currency and a.state in ('authorized', 'voided', 'expired'))
-- counted:
select count(*) from purchase
