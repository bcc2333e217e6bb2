-- One statement may carry several commands: one that was carried out before
-- is noticed among others that are new, too.
create or replace function queue_events() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  all_new boolean;
begin
  insert into unsequenced select event_id from new_rows;
  -- Only commands that carry a digest can be repeated, so only they are kept.
  with asked as materialized (
    select distinct on (1, 2) (metadata->>'actor')::uuid as actor, (metadata->>'command_id')::uuid as command_id,
           metadata->>'command_digest' as digest, aggregate_type, aggregate_id, sequence
    from new_rows where metadata->>'command_digest' is not null
    order by 1, 2, sequence desc
  ), kept as (
    insert into commands (actor, command_id, transaction, digest, aggregate_type, aggregate_id, sequence)
      select actor, command_id, pg_current_xact_id(), digest, aggregate_type, aggregate_id, sequence from asked
      on conflict do nothing
      returning 1
  )
  select (select count(*) from asked) = (select count(*) from kept) into all_new;
  if all_new then return null; end if;
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
