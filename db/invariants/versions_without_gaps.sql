-- invariant: 9
-- says: The versions of every row run from 1 without gap or fork, each from where the last one ended.
-- violations:
select v.organization, v.aggregate as id,
       format('%s version %s from %s follows version %s at %s', v.noun, v.version, v.source, v.previous, v.stood) as what
  from (
    select j.organization, j.aggregate, j.noun, j.version, j.source,
           lag(j.version) over life as previous, lag(j.target) over life as stood, lag(j.noun) over life as was
      from journal j
    window life as (partition by j.organization, j.aggregate order by j.version)) v
 where v.version <> coalesce(v.previous, 0) + 1 or v.source is distinct from v.stood or v.was <> v.noun
-- counted:
select count(*) from journal
