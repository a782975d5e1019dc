-- The brief's `payments`: one row per order, what was authorized for its purchase and captured for itself.
create view payments with (security_invoker = true) as
select o.organization, o.counterparty, o.id as order_id, o.purchase, a.id as authorization_id, a.state,
       o.total_minor as amount_minor, o.currency, a.method, a.provider,
       case when a.state in ('authorized', 'unknown') then o.total_minor else 0 end as authorized_minor,
       coalesce(c.captured_minor, 0) as captured_minor,
       c.last_state as capture_state, o.placed_at
  from orders o
  left join lateral (
    select x.* from "authorization" x
     where x.organization = o.organization and x.purchase = o.purchase
     order by x.attempt desc limit 1) a on true
  left join lateral (
    select sum(x.amount_minor) filter (where x.state = 'succeeded')::bigint as captured_minor,
           (array_agg(x.state order by x.created_at desc))[1] as last_state
      from capture x where x.organization = o.organization and x.order_id = o.id) c on true;

-- Each transfer as its two sides; per cause and currency they sum to zero.
create view posting with (security_invoker = true) as
select t.organization, t.id as transfer, t.debit as account, t.amount as amount_minor, t.currency, t.cause, t.at
  from transfer t
union all
select t.organization, t.id, t.credit, -t.amount, t.currency, t.cause, t.at
  from transfer t;
