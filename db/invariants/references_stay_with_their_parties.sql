-- invariant: 12
-- says: Every reference into another home leads to a row of the party that it names.
-- violations:
select r.organization, r.id, 'reservation of a purchase that its other side does not have' as what
  from inventory_reservations r
 where not exists (select from purchase p where p.organization = r.counterparty and p.id = r.purchase)
union all
select o.organization, o.id, format('order %s names vendor %s, which is not of %s', o.number, o.vendor, o.counterparty)
  from orders o
 where not exists (select from vendor v where v.organization = o.counterparty and v.id = o.vendor)
union all
select i.organization, i.id, format('line %s of order %s names %s of another vendor', i.ordinal, o.number, i.sku)
  from order_items i
  join orders o on o.organization = i.organization and o.id = i.order_id
 where i.counterparty <> o.counterparty or i.variant_home <> o.counterparty
    or not exists (select from variant v where v.organization = i.variant_home and v.id = i.variant and v.sku = i.sku)
union all
select l.organization, l.id, format('cart line names %s, which %s does not have', l.sku, l.variant_home)
  from cart_line l
 where not exists (select from variant v where v.organization = l.variant_home and v.id = l.variant and v.sku = l.sku)
union all
select x.organization, x.id, format('%s has another other side than its order', x.noun)
  from (select 'capture' as noun, organization, id, order_id, counterparty from capture
        union all select 'shipment', organization, id, order_id, counterparty from shipment
        union all select 'approval', organization, id, order_id, counterparty from approval) x
  join orders o on o.organization = x.organization and o.id = x.order_id
 where x.counterparty is distinct from o.counterparty
union all
select a.organization, a.id, 'account of nobody'
  from account a
 where not exists (select from person p where p.id = a.person)
-- counted:
select (select count(*) from inventory_reservations) + (select count(*) from orders) + (select count(*) from order_items)
     + (select count(*) from cart_line) + (select count(*) from capture) + (select count(*) from shipment)
     + (select count(*) from approval) + (select count(*) from account)
