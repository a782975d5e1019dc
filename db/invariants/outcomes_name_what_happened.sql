-- invariant: 13
-- says: Every outcome that is kept under a key names rows that have a journal.
-- violations:
select i.organization, i.key as id, format('%s names %s %s, which never happened', i.action, n.value->>'noun',
                                           n.value->>'id') as what
  from idempotency i
 cross join lateral jsonb_each(coalesce(i.outcome->'nouns', '{}')) n
 where not exists (
   select from journal j
    where j.organization = (n.value->>'home')::uuid and j.aggregate = (n.value->>'id')::uuid)
   and n.value->>'noun' in (select distinct e.noun from {edges} as e(noun, source, target, action, event))
-- counted:
select count(*) from idempotency
