-- invariant: 8
-- says: Every row stands where its newest journal row put it; also where authority was taken away by hand.
-- violations:
with newest as (
  select distinct on (j.organization, j.aggregate) j.organization, j.aggregate, j.noun, j.version, j.target
    from journal j
   order by j.organization, j.aggregate, j.version desc)
select coalesce(h.organization, n.organization) as organization, coalesce(h.id, n.aggregate) as id,
       format('%s is %s at version %s, its journal %s at %s', coalesce(h.noun, n.noun), coalesce(h.state, 'absent'),
              h.version, coalesce(n.target, 'empty'), n.version) as what
  from {heads} h
  full join newest n on n.organization = h.organization and n.aggregate = h.id and n.noun = h.noun
 where (h.state, h.version) is distinct from (n.target, n.version)
-- counted:
select count(*) from {heads} h
