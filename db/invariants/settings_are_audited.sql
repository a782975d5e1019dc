-- invariant: 18
-- says: Every runtime setting lies within its bounds, and its journal tells the value that it has.
-- violations:
select s.organization, s.id, format('%s is %s, its journal says %s', s.key, s.value, j.payload->>'value') as what
  from runtime_setting s
  left join lateral (
    select x.payload from journal x
     where x.organization = s.organization and x.aggregate = s.id
     order by x.version desc limit 1) j on true
 where j.payload->>'value' is distinct from s.value
    or (s.kind in ('integer', 'basis_points')
        and (s.value::bigint < s.minimum::bigint or s.value::bigint > s.maximum::bigint))
-- counted:
select count(*) from runtime_setting
