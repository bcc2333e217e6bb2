-- The event store: facts in the order they were appended, never changed.

create table events (
  aggregate_type text not null,
  aggregate_id text not null,
  sequence bigint not null check (sequence > 0),
  event_type text not null,
  event_version text not null,
  -- json, not jsonb: proofs need the text exactly as it was stored
  payload json not null,
  metadata json not null,
  event_id bigint generated always as identity (cache 1) unique,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (aggregate_type, aggregate_id, sequence)
);

-- Events that have no position in the ledger yet. Small and short-lived, so
-- it is vacuumed on its own terms.
create table unsequenced (event_id bigint primary key)
  with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000);

-- The first result of a command that a client may send again.
create table commands (
  actor uuid not null,
  command_id uuid not null,
  transaction xid8 not null,
  digest text not null,
  aggregate_type text not null,
  aggregate_id text not null,
  sequence bigint not null,
  primary key (actor, command_id)
);

create function queue_events() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into unsequenced select event_id from new_rows;
  -- Only commands that carry a digest can be repeated, so only they are kept.
  insert into commands (actor, command_id, transaction, digest, aggregate_type, aggregate_id, sequence)
    select distinct on (1, 2) (metadata->>'actor')::uuid, (metadata->>'command_id')::uuid, pg_current_xact_id(),
           metadata->>'command_digest', aggregate_type, aggregate_id, sequence
    from new_rows where metadata->>'command_digest' is not null
    order by 1, 2, sequence desc
    on conflict do nothing;
  if found then return null; end if;
  if exists (
    select from new_rows n
    join commands c on c.actor = (n.metadata->>'actor')::uuid and c.command_id = (n.metadata->>'command_id')::uuid
    where n.metadata->>'command_digest' is not null and c.transaction <> pg_current_xact_id()
  ) then
    -- Our own state, so that nobody takes it for a lost race (23505).
    raise exception 'the command was carried out before' using errcode = 'AE001';
  end if;
  return null;
end $$;

create trigger queue_events after insert on events
  referencing new table as new_rows for each statement execute function queue_events();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'AE003';
end $$;

create trigger append_only before update or delete on events for each row execute function refuse_change();
create trigger append_only_truncate before truncate on events for each statement execute function refuse_change();
create trigger append_only before update or delete on commands for each row execute function refuse_change();
create trigger append_only_truncate before truncate on commands for each statement execute function refuse_change();
