-- invariant: 7
-- says: Every journal row takes an edge that its machine declares.
-- violations:
select j.organization, j.aggregate as id,
       format('%s %s from %s to %s as %s', j.noun, j.action, j.source, j.target, j.event) as what
  from journal j
  left join {edges} as e(noun, source, target, action, event)
    on e.noun = j.noun and e.target = j.target and e.action = j.action and e.event = j.event
   and coalesce(e.source, '') = coalesce(j.source, '')
 where e.noun is null
-- counted:
select count(*) from journal
