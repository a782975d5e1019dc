-- invariant: 8
-- says: Every allow of the policy answers its own question: the same action, people, roles and object, and no effect that was not shown.
-- violations:
select d.organization, d.id, format('%s rests on the answer to another question', d.action) as what
  from (select x.*, x.input::jsonb as asked from decision x where x.decider = 'policy' and x.allow) d
 where (d.asked->'action'->>'name' = d.action and d.asked->'context'->>'decision_id' = d.id::text
        and d.asked->'subject'->>'organization' = d.organization::text
        and d.asked->'subject'->>'person' is not distinct from d.person::text
        and d.asked->'subject'->>'account' is not distinct from d.account::text
        and d.asked->'subject'->'on_behalf_of'->>'person' is not distinct from d.on_behalf_of::text
        and d.asked->'subject'->'roles' = to_jsonb(d.roles)
        and coalesce(d.role = any(d.roles), d.roles = '{}')
        and d.asked->'resource'->>'type' = d.subject_noun and d.asked->'resource'->>'id' = d.subject::text
        and d.asked->'resource'->'organizations'->>'home' = d.subject_home::text) is not true
    or num_nonnulls(d.person, d.on_behalf_of) > 1
    or exists (
       select l.value from jsonb_array_elements(d.effects) l
       except
       select s.value - 'if_obliged'
         from jsonb_array_elements(case jsonb_typeof(d.asked->'resource'->'effects')
                                     when 'array' then d.asked->'resource'->'effects' else '[]' end) s
        where s.value->>'if_obliged' is null
           or d.obligations @> jsonb_build_array(jsonb_build_object('kind', s.value->'if_obliged', 'order', s.value->'id')))
-- counted:
select count(*) from decision where decider = 'policy' and allow
