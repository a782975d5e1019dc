-- Whoever takes authority away takes its gate exclusively, by `change` or by a naked UPDATE alike: it waits for the
-- changes that rely on it, and the later ones see it. A naked UPDATE moves the epoch too; inside `change` the epoch
-- has been moved by its own effect already, which the row's xmin tells.

create function close_gate(class integer, key uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(class, coalesce(hashtext(key::text), 0));
end $$;

create function is_of_this_transaction(row_xmin xid) returns boolean language plpgsql as $$
begin
  return row_xmin::text::bigint = (pg_current_xact_id()::text::bigint & 4294967295);
end $$;

create function revoke_person() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform close_gate(4, new.id);
  return new;
end $$;

create trigger takes_gate before update of authority_epoch on person
  for each row execute function revoke_person();

create function revoke_grant() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  g "grant" := coalesce(new, old);
begin
  perform close_gate(4, g.person);
  update person p set authority_epoch = p.authority_epoch + 1
   where p.organization = g.organization and p.id = g.person and not is_of_this_transaction(p.xmin);
  return g;
end $$;

create trigger takes_gate before insert or update or delete on "grant"
  for each row execute function revoke_grant();

create function revoke_session() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform close_gate(4, old.person);
  return new;
end $$;

create trigger takes_gate before update of state, version, acting_for on session
  for each row execute function revoke_session();

create function revoke_standing() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform close_gate(3, new.id);
  return new;
end $$;

create trigger takes_gate before update of standing_epoch on organization
  for each row execute function revoke_standing();

create function revoke_vendor() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state is distinct from old.state then
    perform close_gate(3, new.organization);
    update organization o set standing_epoch = o.standing_epoch + 1
     where o.organization = (select m.platform from marketplace m) and o.id = new.organization
       and not is_of_this_transaction(o.xmin);
  end if;
  return new;
end $$;

create trigger takes_gate before update of state on vendor
  for each row execute function revoke_vendor();

-- Drafts, when they come, stop nobody: only a state that counts takes the gate.
create function revoke_revision() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  counting constant text[] := '{activating,active,superseded,revoked}';
begin
  if coalesce(old.state, '') = any(counting) or coalesce(new.state, '') = any(counting) then
    perform close_gate(1, null);
  end if;
  return coalesce(new, old);
end $$;

create trigger takes_gate before insert or update or delete on policy_revision
  for each row execute function revoke_revision();

create function revoke_settings() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform close_gate(2, null);
  if tg_table_name = 'runtime_setting' then
    update marketplace m set settings_epoch = m.settings_epoch + 1 where not is_of_this_transaction(m.xmin);
  end if;
  return coalesce(new, old);
end $$;

create trigger takes_gate before insert or update or delete on runtime_setting
  for each row execute function revoke_settings();

create trigger takes_gate before update of settings_epoch on marketplace
  for each row execute function revoke_settings();
