-- What no CHECK of one row can say.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception using errcode = '23000', message = 'frozen',
    detail = jsonb_build_object('table', tg_table_name, 'operation', tg_op)::text;
end $$;

-- An order's lines are written with it and never later, and they add up to it.
create function item_comes_with_order() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from orders o where o.organization = new.organization and o.id = new.order_id
                    and o.version = 1 and is_of_this_transaction(o.xmin)) then
    raise exception using errcode = '23000', message = 'frozen',
      detail = jsonb_build_object('table', tg_table_name, 'operation', tg_op)::text;
  end if;
  return new;
end $$;

create trigger comes_with_order before insert on order_items
  for each row execute function item_comes_with_order();

create function order_adds_up() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (
       select from order_items i where i.organization = new.organization and i.order_id = new.id
       having sum(i.subtotal_minor) = new.subtotal_minor and sum(i.discount_minor) = new.discount_minor
          and sum(i.tax_minor) = new.tax_minor and bool_and(i.currency = new.currency)
          and bool_and(i.counterparty = new.counterparty)) then
    raise exception using errcode = '23514', message = 'order_adds_up', constraint = 'order_adds_up', table = 'orders';
  end if;
  return null;
end $$;

create constraint trigger adds_up after insert on orders deferrable initially deferred
  for each row execute function order_adds_up();

-- What is captured or may be, by order, never exceeds what was authorized: the CHECK on authorization sees the sum.
create function capture_counts() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  was bigint := case when tg_op = 'UPDATE' and old.state <> 'failed' then old.amount_minor else 0 end;
  is_now bigint := case when new.state <> 'failed' then new.amount_minor else 0 end;
begin
  if was <> is_now then
    update "authorization" a set captured_minor = a.captured_minor + is_now - was
     where a.organization = new.organization and a.id = new.authorization_id and a.currency = new.currency;
    if not found then
      raise exception using errcode = '23514', message = 'capture_counts', constraint = 'capture_counts',
        table = 'capture';
    end if;
  end if;
  return null;
end $$;

create trigger counts after insert or update of state on capture
  for each row execute function capture_counts();
