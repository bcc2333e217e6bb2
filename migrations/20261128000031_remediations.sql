-- Projection "remediations": each remediation with its steps, and what its completions led to.

create table remediations (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  remediation_id uuid not null,
  number bigint not null,
  test_id uuid not null,
  -- the technique as it was when it was opened, and the live one that stands for it now
  technique_id text not null,
  live_technique_id text not null,
  attack_id text not null,
  -- how well blue had seen the attack
  detection_result text not null,
  title text not null,
  description text not null,
  priority text not null,
  assignee uuid,
  due_on date,
  tags text[] not null,
  state text not null,
  steps json not null,
  completions int not null,
  completion_notes text,
  blocked_reason text,
  risk_reason text,
  risk_expires_on date,
  reopen_reason text,
  version bigint not null,
  opened_by uuid not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  completed_at timestamptz,
  verified_at timestamptz,
  primary key (row_key, from_position)
);
create unique index on remediations (row_key) where to_position = 9223372036854775807;
create index on remediations (to_position);
create unique index on remediations (number) where to_position = 9223372036854775807;
create index on remediations (from_position) where to_position = 9223372036854775807;
create index on remediations (test_id);
-- What the calendar asks for: acceptances that may have ended.
create index on remediations (risk_expires_on)
  where to_position = 9223372036854775807 and state = 'risk_accepted';

create table remediation_retests (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  remediation_id uuid not null,
  completion int not null,
  -- none of the two where no retest was created, and why not
  number int,
  retest_id uuid,
  refused text,
  -- how well blue saw the attack this time, once that decided
  detection_result text,
  told_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on remediation_retests (row_key) where to_position = 9223372036854775807;
create index on remediation_retests (to_position);
create index on remediation_retests (remediation_id);

insert into projection_tables values ('remediations', 'remediations'), ('remediations', 'remediation_retests');
