-- invariant: 7
-- says: No constraint is unproven and no trigger of ours is switched off.
-- violations:
select null::uuid as organization, c.conname::text as id, format('constraint of %s is not valid', c.conrelid::regclass) as what
  from pg_constraint c
 where c.connamespace = 'public'::regnamespace and not c.convalidated
union all
select null, t.tgname::text, format('trigger of %s is switched off', t.tgrelid::regclass)
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
 where c.relnamespace = 'public'::regnamespace and t.tgenabled <> 'O'
-- counted:
select (select count(*) from pg_constraint c where c.connamespace = 'public'::regnamespace)
     + (select count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'public'::regnamespace)
