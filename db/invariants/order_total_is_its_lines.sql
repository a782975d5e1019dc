-- invariant: 4
-- says: An order's total is the sum of its lines with tax and shipping less discounts, line by line and in sum.
-- violations:
with lines as (
  select i.organization, i.order_id, sum(i.subtotal_minor) as subtotal, sum(i.discount_minor) as discount,
         sum(i.tax_minor) as tax, bool_and(i.subtotal_minor = i.unit_price_minor * i.quantity
           and i.total_minor = i.subtotal_minor - i.discount_minor + i.tax_minor) as add_up,
         count(distinct i.currency) as currencies, min(i.currency) as currency
    from order_items i
   group by i.organization, i.order_id)
select o.organization, o.id, format('order %s has total %s, lines %s - %s + %s', o.number, o.total_minor, l.subtotal,
                                    l.discount, l.tax) as what
  from orders o
  left join lines l on l.organization = o.organization and l.order_id = o.id
 where l.order_id is null or not l.add_up or l.currencies <> 1 or l.currency <> o.currency
    or l.subtotal <> o.subtotal_minor or l.discount <> o.discount_minor or l.tax <> o.tax_minor
    or o.total_minor <> o.subtotal_minor - o.discount_minor + o.tax_minor + o.shipping_minor + o.handling_minor
-- counted:
select count(*) from orders
