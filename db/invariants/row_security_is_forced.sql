-- invariant: 12
-- says: Row-level security is on and forced on every table, and every policy of a reader has a condition.
-- violations:
select null::uuid as organization, c.relname::text as id, 'row-level security is not forced' as what
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'alembic_version'
   and not (c.relrowsecurity and c.relforcerowsecurity)
union all
select null, p.tablename::text, format('policy %s lets everybody read everything', p.policyname)
  from pg_policies p
 where p.schemaname = 'public' and p.qual = 'true' and p.tablename <> 'marketplace'
   and not p.roles <@ array(select pg_get_userbyid(c.relowner) from pg_class c
                             where c.relnamespace = 'public'::regnamespace and c.relname = p.tablename)
-- counted:
select count(*) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
