-- invariant: 8
-- says: Every mark that a decision left in a home repeats an allow.
-- violations:
select m.organization, m.id, format('mark of %s has no allow behind it', m.action) as what
  from decision_mark m
 where not exists (select from decision d where d.id = m.id and d.allow = m.allow and d.action = m.action)
-- counted:
select count(*) from decision_mark
