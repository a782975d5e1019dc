-- Forget a timer; none is no error.
create function clear_timer(organization uuid, noun text, id uuid, action text) returns void language plpgsql as $$
begin
  delete from timer t
   where t.organization = clear_timer.organization and t.noun = clear_timer.noun
     and t.aggregate = clear_timer.id and t.action = clear_timer.action;
end $$;
