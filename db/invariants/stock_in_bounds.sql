-- invariant: 1
-- says: What is reserved lies between nothing and what is on hand.
-- violations:
select s.organization, s.id, format('%s reserved of %s on hand', s.reserved, s.on_hand) as what
  from stock s
 where s.reserved < 0 or s.reserved > s.on_hand
-- counted:
select count(*) from stock
