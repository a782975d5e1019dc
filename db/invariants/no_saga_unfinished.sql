-- invariant: 19
-- says: After quiet: no saga is unfinished after a minute.
-- violations:
select s.organization, s.id, format('%s is %s since %s', s.kind, s.state, s.created_at) as what
  from saga s
 where s.state in ('running', 'waiting', 'compensating') and s.created_at < clock_timestamp() - interval '60 seconds'
-- counted:
select count(*) from saga
