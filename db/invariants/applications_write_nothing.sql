-- invariant: 8
-- says: Gateway and worker may write nothing themselves, call the doors alone and be nobody else; no one may but the owner.
-- violations:
select null::uuid as organization, c.relname::text as id,
       format('%s may %s', coalesce(r.rolname, 'everybody'), a.privilege_type) as what
  from pg_class c
 cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
  left join pg_roles r on r.oid = a.grantee
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.grantee <> c.relowner
   and a.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES')
union all
select null, format('%s.%s', c.relname, f.attname), format('%s may %s', coalesce(r.rolname, 'everybody'), a.privilege_type)
  from pg_attribute f
  join pg_class c on c.oid = f.attrelid
 cross join lateral aclexplode(f.attacl) a
  left join pg_roles r on r.oid = a.grantee
 where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
   and a.privilege_type in ('INSERT', 'UPDATE', 'REFERENCES')
union all
select null, p.oid::regprocedure::text, format('%s may call it', coalesce(r.rolname, 'everybody'))
  from pg_proc p
 cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  left join pg_roles r on r.oid = a.grantee
 where p.pronamespace = 'public'::regnamespace and a.grantee <> p.proowner
   and (a.grantee = 0 or p.proname not in (select d.name from {doors} d(name)))
   and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')
union all
select null, p.oid::regprocedure::text, 'is a door that runs as its caller, or finds names where its caller says'
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname in (select d.name from {doors} d(name))
   and (p.prosecdef and p.proconfig = '{"search_path=pg_catalog, public, pg_temp"}') is not true
union all
select null, r.rolname, 'is more than a login of its own'
  from pg_roles r
 where r.rolname in (select x.name from {applications} x(name))
   and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or exists (select from pg_auth_members m where m.member = r.oid))
union all
select null, o.name, format('%s may %s in it', coalesce(r.rolname, 'everybody'), a.privilege_type)
  from (select n.nspname as name, coalesce(n.nspacl, acldefault('n', n.nspowner)) as acl
          from pg_namespace n where n.nspname = 'public'
        union all
        select d.datname, coalesce(d.datacl, acldefault('d', d.datdba))
          from pg_database d where d.datname = current_database()) o
 cross join lateral aclexplode(o.acl) a
  left join pg_roles r on r.oid = a.grantee
 where a.privilege_type in ('CREATE', 'TEMPORARY')
   and (a.grantee = 0 or r.rolname in (select x.name from {applications} x(name)))
-- counted:
select count(*) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
