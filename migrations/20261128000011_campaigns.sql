-- Projection "campaigns": each campaign, its links to tests, and the runs of its schedule.

create table campaigns (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  campaign_id uuid not null,
  number bigint not null,
  name text not null,
  description text not null,
  kind text not null,
  objective text not null,
  starts_on date,
  ends_on date,
  tags text[] not null,
  owner uuid,
  state text not null,
  version bigint not null,
  tests int not null,
  -- of a run: the campaign whose schedule made it, the local time it was due at, whether it came late
  parent_id uuid,
  run_due timestamp,
  run_late boolean,
  cloned_from uuid,
  -- the schedule in force and since when; what it makes due is computed from it, never stored
  schedule json,
  scheduled_by uuid,
  scheduled_at timestamptz,
  last_due timestamp,
  last_due_at timestamptz,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on campaigns (row_key) where to_position = 9223372036854775807;
create index on campaigns (to_position);
create unique index on campaigns (number) where to_position = 9223372036854775807;
create index on campaigns (from_position) where to_position = 9223372036854775807;
create index on campaigns (parent_id) where parent_id is not null;
create index on campaigns (number) where schedule is not null and to_position = 9223372036854775807;

create table campaign_tests (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  campaign_id uuid not null,
  test_id uuid not null,
  place int not null,
  phase text,
  depends_on uuid[] not null,
  primary key (row_key, from_position)
);
create unique index on campaign_tests (row_key) where to_position = 9223372036854775807;
create index on campaign_tests (to_position);
create index on campaign_tests (campaign_id);
create index on campaign_tests (test_id);

-- A run that came due, with the campaign it became; or runs that were left out, under the last of them.
create table campaign_runs (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  parent_id uuid not null,
  due timestamp not null,
  due_at timestamptz not null,
  child_id uuid,
  late boolean not null,
  skipped int not null,
  recorded_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on campaign_runs (row_key) where to_position = 9223372036854775807;
create index on campaign_runs (to_position);
create index on campaign_runs (parent_id, due);

insert into projection_tables values
  ('campaigns', 'campaigns'), ('campaigns', 'campaign_tests'), ('campaigns', 'campaign_runs');
