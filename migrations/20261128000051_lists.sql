-- Lists of tests cost what a page holds, however many tests there are and whatever is asked for.
-- Projection "tests", fold version 3: the texts of a test by themselves, so that only a draft or a
-- revision touches what searches them.

create table test_texts (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  -- title, ATT&CK id and description in small letters, one to a line
  content text not null,
  -- digests of all the pieces of one, two and three letters that it has
  pieces int[] not null,
  primary key (row_key, from_position)
);
create unique index on test_texts (row_key) where to_position = 9223372036854775807;
create index on test_texts (to_position);
-- Entries that wait to be sorted in are read by every search, so few may wait.
create index on test_texts using gin (pieces) with (gin_pending_list_limit = 256);
insert into projection_tables values ('tests', 'test_texts');

-- Every list says whether it is about what was put away. The indexes that do not know that go; their names
-- depend on how often the projection was rebuilt.
do $$
declare
  outdated text;
begin
  for outdated in
    select indexrelid::regclass::text from pg_index
    where indrelid = 'tests'::regclass
      and pg_get_indexdef(indexrelid) ~ '\((state, |assignee, |attack_id, )?from_position( DESC, number DESC)?\) WHERE'
  loop
    execute 'drop index ' || outdated;
  end loop;
end $$;
create index on tests (archived, from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (state, archived, from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (assignee, archived, from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (attack_id, archived, from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (created_by, archived, from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (classification, archived, from_position desc, number desc)
  where to_position = 9223372036854775807;
create index on tests (due_on)
  where to_position = 9223372036854775807 and state <> 'validated' and not archived;
create index on tests using gin (tags) with (fastupdate = off) where to_position = 9223372036854775807;
