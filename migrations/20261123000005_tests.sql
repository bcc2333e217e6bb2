-- Projection "tests": each test, its rounds and its votes.

create table tests (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  test_id uuid not null,
  number bigint not null,
  -- the technique as drafted, and the live one that stands for it now
  technique_id text not null,
  live_technique_id text not null,
  attack_id text not null,
  title text not null,
  description text not null,
  objective text not null,
  target_environment text not null,
  platform text,
  tags text[] not null,
  assignee uuid,
  due_on date,
  state text not null,
  round int not null,
  version bigint not null,
  detection_result text,
  red_vote text,
  blue_vote text,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on tests (row_key) where to_position = 9223372036854775807;
create index on tests (to_position);
create unique index on tests (number) where to_position = 9223372036854775807;
create index on tests (live_technique_id) where to_position = 9223372036854775807;
create index on tests (from_position) where to_position = 9223372036854775807;

create table test_rounds (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  test_id uuid not null,
  number int not null,
  outcome text,
  opened_at timestamptz not null,
  reopen_reason text,
  execution_started_at timestamptz,
  execution_submitted_at timestamptz,
  evaluation_submitted_at timestamptz,
  decided_at timestamptz,
  executed_by uuid,
  evaluated_by uuid,
  attack json,
  attack_by uuid,
  attack_at timestamptz,
  detection json,
  detection_by uuid,
  detection_at timestamptz,
  primary key (row_key, from_position)
);
create unique index on test_rounds (row_key) where to_position = 9223372036854775807;
create index on test_rounds (to_position);
create index on test_rounds (test_id);

create table test_votes (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  test_id uuid not null,
  round int not null,
  side text not null,
  verdict text not null,
  notes text not null,
  voter uuid not null,
  cast_at timestamptz not null,
  position bigint not null,
  superseded boolean not null,
  primary key (row_key, from_position)
);
create unique index on test_votes (row_key) where to_position = 9223372036854775807;
create index on test_votes (to_position);
create index on test_votes (test_id);

insert into projection_tables values ('tests', 'tests'), ('tests', 'test_rounds'), ('tests', 'test_votes');
