-- Each change of a test costs an entry in every index. What lists by equality ask for stands in the index of facets,
-- so that those by technique and by author go; their names depend on how often the projection was rebuilt.
do $$
declare
  outdated text;
begin
  for outdated in
    select indexrelid::regclass::text from pg_index
    where indrelid = 'tests'::regclass and pg_get_indexdef(indexrelid) ~ '\((attack_id|created_by), archived, '
  loop
    execute 'drop index ' || outdated;
  end loop;
end $$;
