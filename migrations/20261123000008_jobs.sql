-- What jobs are doing: progress is operational, the request is the event.

create table jobs (
  job uuid primary key,
  kind text not null,
  title text not null,
  request json not null,
  requested_by uuid not null,
  requested_position bigint not null,
  requested_at timestamptz not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempts int not null default 0,
  done bigint not null default 0,
  total bigint,
  current text,
  error text,
  result json,
  cancel_requested boolean not null default false,
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default clock_timestamp()
);
create index on jobs (requested_position desc);

create table job_rejects (
  job uuid not null references jobs on delete cascade,
  number int not null,
  record text not null,
  reason text not null,
  primary key (job, number)
);

-- Files waiting to be taken in.
create table uploads (
  upload uuid primary key,
  account uuid not null,
  object_key text not null,
  file_name text not null,
  size_bytes bigint not null,
  sha256 text not null,
  created_at timestamptz not null default clock_timestamp()
);
