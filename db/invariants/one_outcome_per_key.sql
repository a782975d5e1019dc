-- invariant: 13
-- says: An idempotency key has one outcome, started one saga, and answers once that saga has ended.
-- violations:
select i.organization, i.key as id, format('%s outcomes of %s', count(*), i.action) as what
  from idempotency i
 group by i.organization, i.person, i.action, i.key
having count(*) > 1
union all
select s.organization, s.key, format('%s sagas of %s', count(*), s.key_action)
  from saga s
 where s.key is not null
 group by s.organization, s.acting_for, s.person, s.key_action, s.key
having count(*) > 1
union all
select s.organization, s.key, format('%s, but its saga %s is %s', coalesce(i.state, 'forgotten'), s.id, s.state)
  from saga s
  left join idempotency i on i.organization = s.acting_for and i.person = s.person and i.action = s.key_action
                         and i.key = s.key
 where s.key is not null and s.state in ('finished', 'failed') and i.state is distinct from 'done'
-- counted:
select count(*) from idempotency
