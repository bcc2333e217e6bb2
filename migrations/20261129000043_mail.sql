-- Mail on its way. An address is looked up when a mail is sent, and never stored here.

alter table account_profiles add column if not exists email text;
alter table account_profiles add column if not exists time_zone text;

create table mails (
  -- made from position and recipient, or from recipient and day
  mail_id uuid primary key,
  account uuid not null,
  -- of a digest: its day, by the recipient's time zone
  digest_on date,
  -- dropped: nobody to send it to any more, or too late
  state text not null default 'pending' check (state in ('pending', 'sent', 'failed', 'dropped')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  claimed_by uuid,
  claimed_until timestamptz,
  last_error text,
  created_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz
);
create index on mails (next_attempt_at) where state = 'pending';
create index on mails (created_at);

-- What mails tell.
create table mail_items (
  item_id uuid primary key,
  place bigint generated always as identity unique,
  account uuid not null,
  -- none: it waits for the next digest
  mail_id uuid references mails on delete cascade,
  kind text not null,
  subject_kind text not null,
  subject_id uuid not null,
  number bigint,
  actor uuid not null,
  position bigint not null,
  at timestamptz not null
);
create index on mail_items (mail_id, place);
create index on mail_items (account, place) where mail_id is null;
