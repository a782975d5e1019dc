-- invariant: 8
-- says: Every journal row rests on one decision that allowed it, lists it, and names the same people and revision.
-- violations:
select j.organization, j.aggregate as id,
       format('%s at version %s rests on %s', j.action, j.version,
              case when d.id is null then 'no decision' when not d.allow then 'a decision that says no'
                   when d.person is distinct from j.person or d.on_behalf_of is distinct from j.on_behalf_of
                     or d.revision <> j.revision then 'a decision of others'
                   else 'a decision that does not list it' end) as what
  from journal j
  left join decision d on d.organization = j.acting_for and d.id = j.decision
 where d.id is null or not d.allow
    or d.person is distinct from j.person or d.on_behalf_of is distinct from j.on_behalf_of
    or d.revision <> j.revision or d.request_id <> j.request_id
    or not d.effects @> jsonb_build_array(
         jsonb_build_object('noun', j.noun, 'id', j.aggregate, 'action', j.action))
-- counted:
select count(*) from journal
