-- invariant: 17
-- says: Every grant names a person and an organization, ends after it starts, and nobody gave it to oneself.
-- violations:
select g.organization, g.id, format('%s for %s in %s from %s until %s by %s', g.role, g.person, g.counterparty,
                                    g.valid_from, g.valid_until, g.granted_by) as what
  from "grant" g
 where g.granted_by = g.person or g.valid_until <= g.valid_from
    or not exists (select from person p where p.organization = g.organization and p.id = g.person)
    or not exists (select from organization o where o.organization = g.organization and o.id = g.counterparty)
    or exists (select from journal j
                where j.organization = g.organization and j.aggregate = g.id and j.version = 1 and j.person = g.person)
    or (g.state = 'revoked' and g.revoked_at is null)
-- counted:
select count(*) from "grant"
