-- One transfer: a debit and a credit of the same amount, so the ledger is balanced by construction.
create function post_transfer(
  organization uuid, id uuid, debit text, credit text, amount bigint, currency text, cause uuid
) returns void language plpgsql as $$
begin
  insert into transfer (organization, id, debit, credit, amount, currency, cause)
  values (post_transfer.organization, post_transfer.id, post_transfer.debit, post_transfer.credit,
          post_transfer.amount, post_transfer.currency, post_transfer.cause);
end $$;
