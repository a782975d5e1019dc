-- A refusal with its code, for db/write.py to read; nobody catches it on the way.
create function coded(code text, word text, about jsonb) returns void language plpgsql as $$
begin
  raise exception using errcode = code, message = word, detail = about::text;
end $$;
