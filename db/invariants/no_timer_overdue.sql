-- invariant: 19
-- says: After quiet: no timer is overdue by more than two minutes.
-- violations:
select t.organization, t.aggregate as id, format('%s was due at %s, tried %s times: %s', t.action, t.due_at, t.attempts,
                                                 t.last_error) as what
  from timer t
 where t.due_at < clock_timestamp() - interval '2 minutes'
-- counted:
select count(*) from timer
