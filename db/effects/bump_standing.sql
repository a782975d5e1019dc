-- Void every permit that relies on one organization's standing.
create function bump_standing(standing uuid) returns void language plpgsql as $$
begin
  update organization o set standing_epoch = o.standing_epoch + 1
   where o.organization = (select m.platform from marketplace m) and o.id = standing;
end $$;
