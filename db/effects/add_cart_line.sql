-- Add units to a cart's line of a variant, making the line when it is absent.
-- The cart's own Advance has locked it, so the count of lines is exact.
create function add_cart_line(organization uuid, cart uuid, line uuid, delta integer, line_row jsonb)
returns void language plpgsql as $$
declare
  units bigint;
  lines bigint;
begin
  select l.quantity into units from cart_line l
   where l.organization = add_cart_line.organization and l.cart = add_cart_line.cart
     and l.variant = (line_row->>'variant')::uuid;
  if coalesce(units, 0) + delta not between 1 and 10000 then
    perform coded('PC012', 'exhausted', jsonb_build_object('what', 'quantity', 'limit', 10000));
  end if;
  insert into cart_line as l
    (organization, id, cart, variant, variant_home, sku, quantity, seen_price_minor, currency, options, handling)
  select add_cart_line.organization, line, add_cart_line.cart, r.variant, r.variant_home, r.sku, delta,
         r.seen_price_minor, r.currency, coalesce(r.options, '[]'), coalesce(r.handling, '{}')
    from jsonb_to_record(line_row) as r(variant uuid, variant_home uuid, sku text, seen_price_minor bigint,
                                        currency text, options jsonb, handling text[])
  on conflict on constraint cart_line_organization_cart_variant_key do update
    set quantity = l.quantity + delta, seen_price_minor = excluded.seen_price_minor,
        options = excluded.options, handling = excluded.handling;
  select count(*) into lines from cart_line l
   where l.organization = add_cart_line.organization and l.cart = add_cart_line.cart;
  if lines > 200 then
    perform coded('PC012', 'exhausted', jsonb_build_object('what', 'sku', 'limit', 200));
  end if;
end $$;
