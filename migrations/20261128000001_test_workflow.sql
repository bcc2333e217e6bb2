-- Projection "tests", fold version 2: evidence, pauses, origins, labels, the archive.
-- The rows are folded anew, so the defaults below only fill what is about to be replaced.

alter table tests
  add column procedure text not null default '',
  add column tool text,
  add column classification text not null default 'internal',
  add column archived boolean not null default false,
  add column archive_reason text,
  -- what it was made from: template, clone, retest, campaign
  add column origin text,
  -- the template, the test cloned or copied, the first test of the chain
  add column origin_id uuid,
  -- version of the template, number of the retest
  add column origin_number int,
  add column remediation_id uuid,
  add column campaign_id uuid,
  add column paused boolean not null default false,
  add column red_voter uuid,
  add column blue_voter uuid;
create index on tests (origin_id) where to_position = 9223372036854775807;

alter table test_rounds
  add column evaluation_started_at timestamptz,
  add column evaluation_started_by uuid,
  add column pauses json not null default '[]';

alter table test_votes add column evidence json not null default '[]';

create table test_evidence (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  evidence_id uuid not null,
  test_id uuid not null,
  round int not null,
  side text not null,
  file_name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  object_key text not null,
  caption text not null,
  added_by uuid not null,
  added_at timestamptz not null,
  removed_by uuid,
  removed_at timestamptz,
  remove_reason text,
  primary key (row_key, from_position)
);
create unique index on test_evidence (row_key) where to_position = 9223372036854775807;
create index on test_evidence (to_position);
create index on test_evidence (test_id);
create index on test_evidence (removed_at) where removed_at is not null and to_position = 9223372036854775807;

insert into projection_tables values ('tests', 'test_evidence');

-- Uploads of evidence on their way: a link was given, the bytes came or did not,
-- an event names them or does not. What no event names goes after a day.
create table evidence_uploads (
  evidence_id uuid primary key,
  account uuid not null,
  test_id uuid not null,
  side text not null,
  file_name text not null,
  caption text not null,
  size_bytes bigint not null,
  sha256 text not null,
  object_key text not null unique,
  -- found out from the bytes when they came
  media_type text,
  requested_at timestamptz not null default now(),
  received_at timestamptz,
  confirmed_at timestamptz,
  -- when the bytes went, a while after the file was taken out of its round
  erased_at timestamptz
);
create index on evidence_uploads (account) where confirmed_at is null;
create index on evidence_uploads (requested_at) where confirmed_at is null;

-- What is to be hashed again is found among the events themselves.
create index on events (event_id) where event_type = 'EvidenceAdded';

-- Pages of tests, newest change first, by what is asked for most.
create index on tests (from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (state, from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (assignee, from_position desc, number desc) where to_position = 9223372036854775807;
create index on tests (attack_id, from_position desc, number desc) where to_position = 9223372036854775807;
