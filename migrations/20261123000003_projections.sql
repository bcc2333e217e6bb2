-- Bookkeeping of read models: how far each has come, and how it is rebuilt.

create table projection_positions (
  name text primary key,
  position bigint not null default 0,
  fold_version int not null,
  -- counts swaps, so that a process notices that its state is of another life
  generation int not null default 0,
  lease_holder uuid,
  lease_until timestamptz,
  error text,
  error_position bigint,
  updated_at timestamptz not null default clock_timestamp()
);

create table projection_tables (
  name text not null,
  table_name text primary key
);

-- Makes an empty copy of a projection's tables in a schema of its own. Each
-- rebuild has another schema, so that one that was overtaken by a later one
-- (two processes may find the fold changed at once) finds its tables gone
-- instead of writing into the other's.
create function rebuild_begin(projection text) returns text
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  shadow text := 'rebuild_' || projection || '_' || pg_current_xact_id();
  t text;
begin
  if not exists (select from projection_tables where name = projection) then
    raise exception 'there is no projection %', projection;
  end if;
  for t in select nspname from pg_namespace where nspname ~ ('^rebuild_' || projection || '_[0-9]+$') loop
    execute format('drop schema %I cascade', t);
  end loop;
  execute format('create schema %I', shadow);
  for t in select table_name from projection_tables where name = projection order by 1 loop
    execute format('create table %I.%I (like public.%I including all)', shadow, t, t);
    if exists (select from pg_roles where rolname = 'aegis_app') then
      execute format('grant select, insert, update, delete on %I.%I to aegis_app', shadow, t);
    end if;
  end loop;
  if exists (select from pg_roles where rolname = 'aegis_app') then
    execute format('grant usage on schema %I to aegis_app', shadow);
  end if;
  return shadow;
end $$;

-- Puts the copies in the place of the live tables, together with their position.
create function rebuild_swap(shadow text, reached bigint, version int) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  projection text := substring(shadow from '^rebuild_(.+)_[0-9]+$');
  t text;
begin
  if not exists (select from projection_tables where name = projection) then
    raise exception '% is not a rebuild of any projection', shadow;
  end if;
  -- The runner holds this row while it stores, so the swap waits for it.
  perform from projection_positions where name = projection for update;
  for t in select table_name from projection_tables where name = projection order by 1 loop
    execute format('drop table public.%I', t);
    execute format('alter table %I.%I set schema public', shadow, t);
  end loop;
  execute format('drop schema %I', shadow);
  update projection_positions
    set position = reached, fold_version = version, generation = generation + 1,
        error = null, error_position = null, updated_at = clock_timestamp()
    where name = projection;
end $$;
