-- invariant: 8
-- says: The machine alone decides only what gives back or records, the seed only before opening, and every answer of the policy is kept with its question.
-- violations:
select d.organization, d.id, format('%s by %s', d.action, d.decider) as what
  from decision d
 cross join marketplace m
 where (d.decider = 'fixed' and d.action not in (select f.action from {fixed} f(action)))
    or (d.decider = 'fixed' and exists (select from jsonb_array_elements(d.effects) e
                                         where e->>'action' not in (select f.action from {fixed} f(action))))
    or (d.decider = 'bootstrap' and d.decided_at > m.opened_at
        and (m.production or d.action not in ('policy_revision.install', 'policy_revision.supersede')))
    or (d.decider = 'policy' and d.input is null
        and d.reasons @> '[{"code": "session.organization_needed"}]' is not true)
    or (d.input is not null and d.input_sha256 is distinct from sha256(convert_to(d.input, 'UTF8')))
    or (d.outcome = 'failed_closed') <> (d.fault is not null)
    or (not d.allow and d.effects <> '[]')
-- counted:
select count(*) from decision
