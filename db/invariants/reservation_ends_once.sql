-- invariant: 3
-- says: A hold ends once, and what was sold comes back at most once.
-- violations:
select j.organization, j.aggregate as id, format('left %s %s times', j.source, count(*)) as what
  from journal j
 where j.noun = 'reservation' and j.source is not null and j.target <> j.source
 group by j.organization, j.aggregate, j.source
having count(*) > 1
-- counted:
select count(*) from inventory_reservations
