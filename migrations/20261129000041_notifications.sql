-- What people are told. Not a read model: marks and retention change it, so no fold could write it again.

create table notifications (
  -- made from position, recipient and kind, so that nobody is told of the same thing twice
  notification_id uuid primary key,
  -- the order in which they came. Given under the lock of the notifier, so it is the order of commits too.
  place bigint generated always as identity unique,
  account uuid not null,
  kind text not null,
  -- test, campaign, remediation, job
  subject_kind text not null,
  subject_id uuid not null,
  -- what people call it by; jobs have none
  number bigint,
  -- the nil UUID is the machine itself
  actor uuid not null,
  position bigint not null,
  at timestamptz not null,
  read_at timestamptz
);
create index on notifications (account, place desc);
create index on notifications (account, place desc) where read_at is null;
create index on notifications (at);

-- What people want to be told, and how; what is not here is as the program says. Goes with its person.
create table notification_preferences (
  account uuid not null references account_profiles on delete cascade,
  kind text not null,
  in_app boolean not null,
  mail text not null check (mail in ('off', 'at_once', 'daily_digest')),
  primary key (account, kind)
);

-- Which end of a job people were told of, by when it was. What ended before there were notifications is not told.
alter table jobs add column told_at timestamptz;
update jobs set told_at = finished_at where finished_at is not null;
create index on jobs (finished_at)
  where (state = 'failed' or state = 'succeeded' and kind like 'import%') and told_at is distinct from finished_at;
