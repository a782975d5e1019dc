-- invariant: 6
-- says: What is captured of an authorization, or may be, stays within it.
-- violations:
with captured as (
  select c.organization, c.authorization_id, sum(c.amount_minor) as amount, bool_or(c.state = 'succeeded') as any,
         min(c.currency) as currency, count(distinct c.currency) as currencies
    from capture c
   where c.state <> 'failed'
   group by c.organization, c.authorization_id)
select a.organization, a.id, format('%s captured (%s counted) of %s, %s', coalesce(c.amount, 0), a.captured_minor,
                                    a.amount_minor, a.state) as what
  from "authorization" a
  left join captured c on c.organization = a.organization and c.authorization_id = a.id
 where coalesce(c.amount, 0) > a.amount_minor or coalesce(c.amount, 0) <> a.captured_minor
    or c.currencies > 1 or c.currency <> a.currency or (c.any and a.state <> 'authorized')
-- counted:
select count(*) from "authorization"
