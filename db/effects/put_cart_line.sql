-- Set a line's quantity, seen price, options or handling; without a row, remove it.
create function put_cart_line(organization uuid, cart uuid, line uuid, line_row jsonb)
returns void language plpgsql as $$
begin
  if line_row is null or line_row = 'null' then
    delete from cart_line l
     where l.organization = put_cart_line.organization and l.cart = put_cart_line.cart and l.id = line;
  else
    if line_row - '{quantity,seen_price_minor,options,handling}'::text[] <> '{}' then
      perform coded('PC022', 'unlisted', jsonb_build_object('noun', 'cart_line', 'id', line, 'columns', line_row));
    end if;
    if (line_row->>'quantity')::bigint not between 1 and 10000 then
      perform coded('PC012', 'exhausted', jsonb_build_object('what', 'quantity', 'limit', 10000));
    end if;
    update cart_line l
       set quantity = coalesce((line_row->>'quantity')::integer, l.quantity),
           seen_price_minor = coalesce((line_row->>'seen_price_minor')::bigint, l.seen_price_minor),
           options = coalesce(line_row->'options', l.options),
           handling = case when line_row ? 'handling'
                           then array(select jsonb_array_elements_text(line_row->'handling')) else l.handling end
     where l.organization = put_cart_line.organization and l.cart = put_cart_line.cart and l.id = line;
  end if;
  if not found then
    perform coded('PC001', 'stale', jsonb_build_object('noun', 'cart_line', 'id', line, 'now', null));
  end if;
end $$;
