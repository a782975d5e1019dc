-- invariant: 12
-- says: Every row is at home in an organization of the kind that its noun lives in.
-- violations:
select h.organization, h.id, format('%s at home in %s', h.noun, coalesce(o.kind, 'no organization')) as what
  from {heads} h
  join {homes} as k(noun, home) on k.noun = h.noun
  left join organization o on o.id = h.organization
 where o.id is null or (k.home in ('buyer', 'vendor', 'platform') and k.home <> o.kind)
-- counted:
select count(*) from {heads} h
