-- invariant: 12
-- says: A journal row names the same other side as its row, so that history is shown to no third party.
-- violations:
select j.organization, j.aggregate as id, format('%s version %s was shown to %s, its row to %s', j.noun, j.version,
                                                 j.counterparty, h.counterparty) as what
  from journal j
  join {heads} h on h.organization = j.organization and h.id = j.aggregate and h.noun = j.noun
 where j.counterparty is distinct from h.counterparty
-- counted:
select count(*) from journal
