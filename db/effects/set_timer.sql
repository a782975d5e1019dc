-- An action falls due by the database clock; an equal timer is replaced.
create function set_timer(organization uuid, noun text, id uuid, action text, after_s integer)
returns void language plpgsql as $$
declare
  due timestamptz := clock_timestamp() + make_interval(secs => after_s);
begin
  insert into timer (organization, noun, aggregate, action, due_at)
  values (set_timer.organization, set_timer.noun, set_timer.id, set_timer.action, due)
  on conflict on constraint timer_pkey do update set due_at = excluded.due_at, attempts = 0, last_error = null;
end $$;
