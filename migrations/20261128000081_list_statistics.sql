-- Lists that are asked for several things at once.

-- All that is asked for by equality, in one index: PostgreSQL does not combine partial indexes. What is no tag begins
-- with a space, which no tag does. `projections/src/tests/filter.rs` says it in the same words.
do $$
declare
  outdated text;
begin
  for outdated in
    select indexrelid::regclass::text from pg_index
    where indrelid = 'tests'::regclass and pg_get_indexdef(indexrelid) ~ 'USING gin \(tags\)'
  loop
    execute 'drop index ' || outdated;
  end loop;
end $$;
create index on tests using gin ((tags || array[' state ' || state, ' label ' || classification, ' on ' || attack_id,
  ' by ' || created_by::text, ' for ' || assignee::text]))
  with (fastupdate = off) where to_position = 9223372036854775807;
create statistics tests_facets on (tags || array[' state ' || state, ' label ' || classification, ' on ' || attack_id,
  ' by ' || created_by::text, ' for ' || assignee::text]) from tests;

-- Lists are about the rows in force, one of several that a test has had: what states, labels and the archive are like
-- among those is not what they are like among all rows. Without it the planner takes few rows for fewer and reads them
-- all, where the order of the list would soon fill the page.
create statistics tests_in_force (mcv) on to_position, state, archived, classification from tests;

-- A copy of the table has copies of the statistics, which have to move with it.
create or replace function rebuild_swap(shadow text, reached bigint, version int) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  projection text := substring(shadow from '^rebuild_(.+)_[0-9]+$');
  t text;
  s text;
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
  for s in select stxname from pg_statistic_ext where stxnamespace = shadow::regnamespace order by 1 loop
    execute format('alter statistics %I.%I set schema public', shadow, s);
  end loop;
  execute format('drop schema %I', shadow);
  update projection_positions
    set position = reached, fold_version = version, generation = generation + 1,
        error = null, error_position = null, updated_at = clock_timestamp()
    where name = projection;
end $$;
