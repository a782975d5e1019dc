-- Keep a sealed text and its wrapped key; whatever stood there before is replaced. A destroyed key stays destroyed.
create function put_vault(organization uuid, subject uuid, field text, wrapped bytea, cipher bytea)
returns void language plpgsql as $$
begin
  insert into vault_key as k (organization, subject, field, wrapped)
  values (put_vault.organization, put_vault.subject, put_vault.field, put_vault.wrapped)
  on conflict on constraint vault_key_pkey do update set wrapped = excluded.wrapped where k.destroyed_at is null;
  if not found then
    perform coded('PC002', 'exists', jsonb_build_object('noun', 'vault', 'id', subject));
  end if;
  insert into vault (organization, subject, field, cipher)
  values (put_vault.organization, put_vault.subject, put_vault.field, put_vault.cipher)
  on conflict on constraint vault_pkey do update set cipher = excluded.cipher;
end $$;
