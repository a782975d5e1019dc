-- invariant: 7
-- says: No constraint, unique index or trigger of the definition is missing, unproven or switched off.
-- violations:
with guard as (
  select 'constraint' as kind, c.conname as name, null::name as of, c.convalidated as good
    from pg_constraint c
   where c.connamespace = 'public'::regnamespace
  union all
  select 'index', c.relname, null, i.indisunique and i.indisvalid
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
   where c.relnamespace = 'public'::regnamespace
  union all
  select 'trigger', t.tgname, c.relname, t.tgenabled = 'O'
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'public'::regnamespace and not t.tgisinternal)
select null::uuid as organization, e.name as id,
       format('%s%s is %s', e.kind, ' of ' || e.of, case when g.good is null then 'missing' else 'off' end) as what
  from {guards} as e(kind, name, of)
  left join guard g on g.kind = e.kind and g.name = e.name and (g.of = e.of or e.of is null)
 where g.good is not true
union all
select null, t.tgname, format('the trigger of %s that checks a foreign key is off', t.tgrelid::regclass)
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
 where c.relnamespace = 'public'::regnamespace and t.tgisinternal and t.tgenabled <> 'O'
-- counted:
select count(*) from {guards} as e(kind, name, of)
