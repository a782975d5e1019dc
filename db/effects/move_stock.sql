-- Move a variant's two numbers by differences; too little stock is a refusal, never a CHECK error.
create function move_stock(organization uuid, variant uuid, reserved integer, on_hand integer)
returns void language plpgsql as $$
declare
  free integer;
begin
  update stock s
     set reserved = s.reserved + move_stock.reserved, on_hand = s.on_hand + move_stock.on_hand,
         updated_at = clock_timestamp()
   where s.organization = move_stock.organization and s.variant = move_stock.variant
     and s.reserved + move_stock.reserved between 0 and s.on_hand + move_stock.on_hand;
  if not found then
    select s.on_hand - s.reserved into free from stock s
     where s.organization = move_stock.organization and s.variant = move_stock.variant;
    perform coded('PC010', 'short', jsonb_build_object('variant', move_stock.variant,
      'wanted', move_stock.reserved - move_stock.on_hand, 'free', coalesce(free, 0)));
  end if;
end $$;
