-- The next value of an organization's counter; human numbers begin at 1001.
create function take_number(organization uuid, counter text) returns bigint language plpgsql as $$
declare
  taken bigint;
begin
  insert into counter as c (organization, name, value) values (take_number.organization, take_number.counter, 1001)
  on conflict on constraint counter_pkey do update set value = c.value + 1
  returning c.value into taken;
  return taken;
end $$;
