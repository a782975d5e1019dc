-- invariant: 6
-- says: An order has one capture and one shipment when it was dispatched, for the whole of it, and neither before.
-- violations:
select o.organization, o.id, format('order %s is %s with %s captures of %s in all and %s shipments of %s lines',
                                    o.number, o.state, c.captures, c.amount, s.shipments, s.lines) as what
  from orders o
 cross join lateral (
   select count(*) as captures, coalesce(sum(x.amount_minor), 0) as amount
     from capture x
    where x.organization = o.organization and x.order_id = o.id and x.state = 'succeeded') c
 cross join lateral (
   select count(distinct x.id) as shipments, count(l.id) as lines
     from shipment x
     left join shipment_line l on l.organization = x.organization and l.shipment = x.id
     left join order_items i on i.organization = l.organization and i.id = l.item and i.quantity = l.quantity
    where x.organization = o.organization and x.order_id = o.id) s
 cross join lateral (
   select count(*) as lines from order_items x where x.organization = o.organization and x.order_id = o.id) i
 where case when o.state in ('dispatched', 'delivered', 'completed')
            then s.shipments <> 1 or s.lines <> i.lines
              or c.captures <> case when o.total_minor > 0 then 1 else 0 end or c.amount <> o.total_minor
            else s.shipments > 0 or c.captures > case when o.state = 'approved' then 1 else 0 end end
-- counted:
select count(*) from orders
