-- The ledger: one sealed, gap-free order over all events.

create table ledger (
  position bigint primary key check (position > 0),
  event_id bigint not null unique references events (event_id),
  sealed_at timestamptz not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
);

create table ledger_head (
  one boolean primary key default true check (one),
  position bigint not null,
  sealed_at timestamptz not null
);
insert into ledger_head values (true, 0, '-infinity');

create table tree_checkpoints (
  size bigint primary key check (size > 0),
  root_hash bytea not null check (octet_length(root_hash) = 32),
  note text not null,
  created_at timestamptz not null default clock_timestamp()
);

create trigger append_only before update or delete on ledger for each row execute function refuse_change();
create trigger append_only_truncate before truncate on ledger for each statement execute function refuse_change();
create trigger append_only before update or delete on tree_checkpoints for each row execute function refuse_change();
create trigger append_only_truncate before truncate on tree_checkpoints for each statement execute function refuse_change();

-- One length-prefixed field of a leaf.
create function leaf_field(t text) returns bytea language sql immutable parallel safe as
$$ select int4send(octet_length(convert_to(t, 'UTF8'))) || convert_to(t, 'UTF8') $$;

-- The entry that the Merkle tree commits to, and its RFC 6962 leaf hash.
create function leaf_hash(p bigint, sealed timestamptz, e events) returns bytea
  language sql stable parallel safe as $$
  select sha256('\x00'::bytea || int8send(p) || int8send((extract(epoch from sealed) * 1000000)::bigint)
    || int8send(e.event_id) || int8send(e.sequence)
    || int8send((extract(epoch from e.recorded_at) * 1000000)::bigint)
    || leaf_field(e.aggregate_type) || leaf_field(e.aggregate_id)
    || leaf_field(e.event_type) || leaf_field(e.event_version)
    || leaf_field(e.payload::text) || leaf_field(e.metadata::text))
$$;

-- Gives the next positions to at most `batch` committed events whose id is
-- above `bound`, in one statement. The lock on the only row of ledger_head is
-- the safety: any number of processes may call it.
--   sealed = -1: another process is at it.
-- A predecessor below the bound makes it look again from the start; one that
-- is missing altogether stops it (AE002).
create function seal(batch int, bound bigint, out sealed int, out head_position bigint, out highest_event bigint)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  head ledger_head;
  ids bigint[];
  now_ timestamptz;
  orphan record;
begin
  sealed := 0;
  select * into head from ledger_head for update skip locked;
  if not found then sealed := -1; return; end if;
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
                 or exists (select from ledger l where l.event_id = p.event_id)))
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

-- The last position sealed at or before an instant, 0 when none was: a binary
-- search, since sealed_at never decreases along positions.
create function position_at(instant timestamptz) returns bigint language plpgsql stable as $$
declare
  low bigint := 0;
  high bigint := coalesce((select max(position) from ledger), 0);
  middle bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select sealed_at <= instant from ledger where position = middle) then low := middle; else high := middle - 1; end if;
  end loop;
  return low;
end $$;
