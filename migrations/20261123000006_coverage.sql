-- Projection "coverage": what each test contributes, and what a technique's tests add up to.

create table coverage_tests (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  technique_id text not null,
  live_technique_id text not null,
  -- open, or the detection result once validated
  standing text not null check (standing in ('open', 'detected', 'partially_detected', 'not_detected')),
  primary key (row_key, from_position)
);
create unique index on coverage_tests (row_key) where to_position = 9223372036854775807;

create table coverage_techniques (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  status text not null,
  open_tests int not null,
  detected_tests int not null,
  partially_detected_tests int not null,
  not_detected_tests int not null,
  changed_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on coverage_techniques (row_key) where to_position = 9223372036854775807;
create index on coverage_techniques (from_position);
create index on coverage_techniques (to_position);

insert into projection_tables values ('coverage', 'coverage_tests'), ('coverage', 'coverage_techniques');
