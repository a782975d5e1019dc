-- An allow answers one question: what is written under it is what was asked, about the same action, for the same people.

create function answers_its_question(home uuid, decision jsonb) returns void language plpgsql as $$
declare
  asked constant jsonb := (decision->>'input')::jsonb;
  actor constant jsonb := decision->'actor';
  wrong text;
begin
  wrong := case
    when asked->'action'->'name' = decision->'action' is not true then 'action'
    when asked->'context'->'decision_id' = decision->'id' is not true then 'decision_id'
    when asked->'subject'->>'organization' = home::text is not true then 'organization'
    when (asked->'subject'->'person' = actor->'person' and asked->'subject'->'account' = actor->'account'
          and asked->'subject'->'on_behalf_of' = actor->'on_behalf_of') is not true then 'subject'
    when (asked->'subject'->'roles' = decision->'roles' and case
            when actor->>'person' is null then decision->>'role' = 'system' and decision->'roles' = '["system"]'
            when decision->>'role' is null then decision->'roles' = '[]'
            else decision->'roles' ? (decision->>'role') end) is not true then 'role'
    when (asked->'resource'->'type' = decision->'subject'->'noun'
          and asked->'resource'->'id' = decision->'subject'->'id'
          and asked->'resource'->'organizations'->'home' = decision->'subject'->'home'
          and asked->'resource'->'state' = decision->'subject_state'
          and asked->'resource'->'version' = decision->'subject_version') is not true then 'resource'
    when not is_within_question(asked->'resource'->'effects', decision) then 'effects' end;
  if wrong is not null then
    perform coded('PC022', 'unlisted', jsonb_build_object('question', wrong, 'decision', decision->'id'));
  end if;
end $$;

-- What an allow lists was shown to the policy: as sure to move, or under an obligation that came with the answer.
create function is_within_question(shown jsonb, decision jsonb) returns boolean language plpgsql immutable as $$
declare
  listed jsonb;
  obliged jsonb;
begin
  for i in 0 .. coalesce(jsonb_array_length(decision->'effects'), 0) - 1 loop
    listed := decision->'effects'->i;
    continue when listed ?& '{noun, id, action}' and shown @> jsonb_build_array(listed || '{"if_obliged": null}');
    obliged := jsonb_path_query_first(shown, '$[*] ? (@.id == $id && @.action == $action && @.if_obliged != null)',
                                      jsonb_build_object('id', listed->'id', 'action', listed->'action'));
    if (obliged - 'if_obliged' = listed and decision->'obligations' @> jsonb_build_array(
          jsonb_build_object('kind', obliged->'if_obliged', 'order', obliged->'id'))) is not true then
      return false;
    end if;
  end loop;
  return true;
end $$;
