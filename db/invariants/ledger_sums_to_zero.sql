-- invariant: 5
-- says: The ledger sums to zero per transaction and currency, and every transfer is a positive amount between two accounts.
-- violations:
select p.organization, p.cause as id, format('%s %s left over', sum(p.amount_minor), p.currency) as what
  from posting p
 group by p.organization, p.cause, p.currency
having sum(p.amount_minor) <> 0
union all
select t.organization, t.id, format('%s from %s to %s', t.amount, t.debit, t.credit)
  from transfer t
 where t.amount <= 0 or t.debit = t.credit
-- counted:
select count(*) from posting
