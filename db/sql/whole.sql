-- No half of a move commits: whatever belongs to where a row has come to is there when its transaction ends.

create function refuse_half(name text, on_table text) returns void language plpgsql as $$
begin
  raise exception using errcode = '23514', message = name, constraint = name, table = on_table;
end $$;

-- A purchase is placed with its orders, its money and its stock; a failed one keeps nothing.
create function purchase_is_whole() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (case new.state
       when 'placed' then
         exists (select from orders o where o.organization = new.organization and o.purchase = new.id
                 having sum(o.total_minor) = new.total_minor and bool_and(o.currency = new.currency))
         and not exists (select from inventory_reservations r
                          where r.purchase = new.id and r.counterparty = new.organization
                            and r.state in ('held', 'released'))
         and (new.total_minor = 0 or exists (
               select from "authorization" a
                where a.organization = new.organization and a.purchase = new.id and a.state = 'authorized'
                  and a.amount_minor = new.total_minor and a.currency = new.currency))
       else
         not exists (select from orders o where o.organization = new.organization and o.purchase = new.id)
         and not exists (select from inventory_reservations r
                          where r.purchase = new.id and r.counterparty = new.organization
                            and r.state in ('held', 'finalized'))
         and not exists (select from "authorization" a
                          where a.organization = new.organization and a.purchase = new.id
                            and a.state in ('initiated', 'authorized', 'unknown'))
     end) is not true then
    perform refuse_half('purchase_is_whole', 'purchase');
  end if;
  return null;
end $$;

create constraint trigger is_whole after update of state on purchase deferrable initially deferred
  for each row when (new.state in ('placed', 'failed')) execute function purchase_is_whole();

-- An order is dispatched with its money and all of its goods, delivered with its shipment, and ended with its stock
-- given back and, where the provider holds money for it, with a saga under way that sees to it.
create function order_is_whole() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (case
       when new.state = 'dispatched' then is_paid_and_shipped(new)
       when new.state = 'delivered' then
         not exists (select from shipment s where s.organization = new.organization and s.order_id = new.id
                        and s.state <> 'delivered')
       else
         not exists (select from inventory_reservations r
                      where r.purchase = new.purchase and r.organization = new.counterparty
                        and r.counterparty = new.organization and r.state in ('held', 'finalized'))
         and not exists (select from capture c where c.organization = new.organization and c.order_id = new.id
                            and c.state <> 'failed')
         and not exists (
           select from "authorization" a
            where a.organization = new.organization and a.purchase = new.purchase and a.state = 'authorized'
              and not exists (select from saga s where s.organization = a.organization and s.subject = a.id
                                 and s.kind = 'release' and s.data->>'order' = new.id::text))
     end) is not true then
    perform refuse_half('order_is_whole', 'orders');
  end if;
  return null;
end $$;

create function is_paid_and_shipped(o orders) returns boolean language plpgsql as $$
begin
  return o.total_minor = coalesce((
           select sum(c.amount_minor) from capture c
            where c.organization = o.organization and c.order_id = o.id and c.state = 'succeeded'), 0)
     and 1 = (select count(*) from shipment s where s.organization = o.organization and s.order_id = o.id)
     and not exists (
           select from order_items i
            where i.organization = o.organization and i.order_id = o.id
              and i.quantity is distinct from (
                    select sum(l.quantity) from shipment_line l
                      join shipment s on s.organization = l.organization and s.id = l.shipment
                     where l.organization = i.organization and l.item = i.id and s.order_id = o.id));
end $$;

create constraint trigger is_whole after update of state on orders deferrable initially deferred
  for each row when (new.state in ('dispatched', 'delivered', 'rejected', 'cancelled'))
  execute function order_is_whole();

-- A hold ends with its purchase, and what was sold comes back with the end of its order.
create function reservation_is_whole() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (case new.state
       when 'returned' then exists (
         select from orders o
          where o.organization = new.counterparty and o.purchase = new.purchase
            and o.counterparty = new.organization and o.state in ('rejected', 'cancelled'))
       else exists (
         select from purchase p
          where p.organization = new.counterparty and p.id = new.purchase
            and p.state = any(case new.state when 'finalized' then '{placed}'::text[] else '{compensating,failed}' end))
     end) is not true then
    perform refuse_half('reservation_is_whole', 'inventory_reservations');
  end if;
  return null;
end $$;

create constraint trigger is_whole after update of state on inventory_reservations deferrable initially deferred
  for each row when (new.state <> 'held') execute function reservation_is_whole();
