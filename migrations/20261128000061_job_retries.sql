-- Jobs that somebody has had tried again where no event says so: the same command sent again tries nothing.
create table job_retries (
  actor uuid not null,
  command_id uuid not null,
  digest text not null,
  job uuid not null,
  asked_at timestamptz not null default now(),
  primary key (actor, command_id)
);
