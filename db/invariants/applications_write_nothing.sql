-- invariant: 8
-- says: Gateway and worker may write no table themselves, and nobody else but the owner may write any.
-- violations:
select null::uuid as organization, c.relname::text as id,
       format('%s may %s', coalesce(r.rolname, 'everybody'), a.privilege_type) as what
  from pg_class c
 cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
  left join pg_roles r on r.oid = a.grantee
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.grantee <> c.relowner
   and a.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES')
-- counted:
select count(*) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
