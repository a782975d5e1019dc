-- invariant: 10
-- says: No natural person took both of two conflicting actions on one object, also not through the marketplace.
-- violations:
select c.organization, c.aggregate as id,
       format('%s by whoever took %s: %s', c.action, m.action, coalesce(m.person, m.on_behalf_of)) as what
  from {apart} as a(action, other)
  join journal c on c.action = a.action
  join journal m on m.action = a.other and m.organization = c.organization and m.aggregate = c.aggregate
 where coalesce(c.person, c.on_behalf_of) = coalesce(m.person, m.on_behalf_of)
union all
select o.organization, o.id, format('order %s placed by %s, approved by %s, dispatched by %s', o.number, o.placed_by,
                                    o.approved_by, o.dispatched_by)
  from orders o
 where o.approved_by = o.placed_by or o.dispatched_by = o.approved_by
-- counted:
select count(*) from orders
