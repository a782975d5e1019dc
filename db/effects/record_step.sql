-- The saga's lease must still carry this fence; it is share-locked, so that nobody takes it over before the commit.
-- Fence 0 is for whoever makes the saga in this very change, and for the seed: nobody else can hold it yet.
create function hold_fence(home uuid, saga uuid, held bigint) returns void language plpgsql as $$
begin
  perform from lease l
   where l.name = 'saga:' || hold_fence.saga and l.organization = home and l.fence = held for share;
  if found or (held = 0 and (
       exists (select from saga s where s.organization = home and s.id = hold_fence.saga and s.version = 1
                  and is_of_this_transaction(s.xmin))
       or exists (select from marketplace m where m.opened_at is null))) then return; end if;
  perform coded('PC013', 'fenced', jsonb_build_object('noun', 'saga', 'id', hold_fence.saga));
end $$;

-- How far one step of a saga is.
create function record_step(
  organization uuid, saga uuid, step text, state text, attempt integer, key text, fence bigint, error text
) returns void language plpgsql as $$
declare
  ended timestamptz := case when state in ('done', 'failed', 'compensated') then clock_timestamp() end;
begin
  perform hold_fence(organization, saga, fence);
  insert into saga_step as s (organization, saga, step, state, attempts, key, fence, started_at, ended_at, error)
  values (record_step.organization, record_step.saga, record_step.step, record_step.state, record_step.attempt,
          record_step.key, record_step.fence,
          case when record_step.state <> 'pending' then clock_timestamp() end, ended, record_step.error)
  on conflict on constraint saga_step_pkey do update
    set state = excluded.state, attempts = excluded.attempts, key = excluded.key, fence = excluded.fence,
        started_at = coalesce(s.started_at, excluded.started_at), ended_at = excluded.ended_at, error = excluded.error;
end $$;
