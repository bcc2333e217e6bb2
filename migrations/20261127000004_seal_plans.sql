-- Sealing costs what the batch costs, however long the ledger is and however
-- little the planner knows of it: a plan made while the tables were small is
-- not kept, and the ledger is looked into by key.
create or replace function seal(batch int, bound bigint, out sealed int, out head_position bigint, out highest_event bigint)
  language plpgsql security definer set search_path = public, pg_temp
  set plan_cache_mode = force_custom_plan as $$
declare
  head ledger_head;
  ids bigint[];
  now_ timestamptz;
  orphan record;
begin
  sealed := 0;
  select * into head from ledger_head for update skip locked;
  if not found then
    -- Locked by another process, or not there at all, in which case nothing will ever be sealed.
    if not exists (select from ledger_head) then
      raise exception 'the head of the ledger is lost' using errcode = 'AE002';
    end if;
    sealed := -1;
    return;
  end if;
  head_position := head.position;
  loop
    ids := array(select u.event_id from unsequenced u where u.event_id > bound order by u.event_id limit batch);
    if cardinality(ids) = 0 then return; end if;
    select e.aggregate_type, e.aggregate_id, e.sequence into orphan
      from events e
      where e.event_id = any (ids) and e.sequence > 1
        and not exists (
          select from events p
          where p.aggregate_type = e.aggregate_type and p.aggregate_id = e.aggregate_id
            and p.sequence = e.sequence - 1
            and (p.event_id = any (ids) and p.event_id < e.event_id
                 -- asked event by event: "exists" may read the whole ledger into memory instead
                 or (select l.position from ledger l where l.event_id = p.event_id) is not null))
      limit 1;
    exit when not found;
    if bound > 0 then bound := 0; continue; end if;
    raise exception 'event % of % % has no sealed predecessor', orphan.sequence, orphan.aggregate_type, orphan.aggregate_id
      using errcode = 'AE002';
  end loop;
  now_ := greatest(head.sealed_at, clock_timestamp());
  delete from unsequenced u where u.event_id = any (ids);
  insert into ledger
    select e.p, e.event_id, now_, leaf_hash(e.p, now_, e.event)
    from (select head.position + row_number() over (order by ev.event_id) as p, ev.event_id, ev as event
          from events ev where ev.event_id = any (ids)) e;
  get diagnostics sealed = row_count;
  if sealed <> cardinality(ids) then
    raise exception 'the queue names % events, the store holds %', cardinality(ids), sealed using errcode = 'AE002';
  end if;
  head_position := head.position + sealed;
  highest_event := ids[cardinality(ids)];
  update ledger_head set position = head_position, sealed_at = now_;
  -- A hint only; polling is the truth.
  perform pg_notify('aegis_ledger', head_position::text);
end $$;
