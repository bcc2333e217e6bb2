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

-- Makes an empty copy of a projection's tables in a schema of its own.
create function rebuild_begin(projection text) returns text
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  shadow text := 'rebuild_' || projection;
  t text;
begin
  if not exists (select from projection_tables where name = projection) then
    raise exception 'there is no projection %', projection;
  end if;
  execute format('drop schema if exists %I cascade', shadow);
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
create function rebuild_swap(projection text, reached bigint, version int) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  shadow text := 'rebuild_' || projection;
  t text;
begin
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
