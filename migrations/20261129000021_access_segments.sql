-- The access log in segments: closed ones are named in the ledger, and only what an event says is cut goes.

-- Read by what it is about and by what was tried, too.
create index access_log_of_entity on access_log (entity_type, entity, at, id);
create index access_log_of_action on access_log (action, at, id);

-- As `refuse_change`, but for what `cut_access_log` is at. Whoever else sets that has no right to delete.
create function refuse_change_of_access_log() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.id <= coalesce(nullif(current_setting('aegis.access_log_cut', true), ''), '0')::bigint then
    return old;
  end if;
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'AE003';
end $$;
drop trigger append_only on access_log;
create trigger append_only before update or delete on access_log
  for each row execute function refuse_change_of_access_log();

-- Removes what an event says was cut, up to the last entry that it names; how many went. Called by the owner:
-- the application may neither call it nor delete.
create function cut_access_log(through bigint) returns bigint language plpgsql set search_path = public, pg_temp as $$
declare
  gone bigint;
begin
  if not exists (
    select from events
    where aggregate_type = 'access_journal' and aggregate_id = 'access' and event_type = 'SegmentsCut'
      and (payload->'SegmentsCut'->>'last_entry')::bigint = through
  ) then
    raise exception 'no event says that the access log was cut at %', through using errcode = 'AE004';
  end if;
  perform set_config('aegis.access_log_cut', through::text, true);
  delete from access_log where id <= through;
  get diagnostics gone = row_count;
  perform set_config('aegis.access_log_cut', '', true);
  return gone;
end $$;
revoke execute on function cut_access_log(bigint) from public;
