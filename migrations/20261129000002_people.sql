-- People: what they choose for themselves, where they are signed in, their second factor; service accounts and keys.
-- What identifies a person stays in tables that can be erased: all of it goes with the row of account_profiles.

alter table account_profiles
  add column if not exists email text,
  add column time_zone text,
  add column theme text;
-- Whoever comes by single sign-on only has no password.
alter table account_credentials alter column password_hash drop not null;

-- Projection "accounts", fold version 2: programs beside people, second factors, who was erased.
alter table accounts
  add column service boolean not null default false,
  add column second_factor boolean not null default false,
  add column erased boolean not null default false;

-- Projection "accounts": keys of service accounts.
create table api_keys (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  key_id uuid not null,
  account uuid not null,
  scope text not null,
  issued_by uuid not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_by uuid,
  revoked_at timestamptz,
  primary key (row_key, from_position)
);
create unique index on api_keys (row_key) where to_position = 9223372036854775807;
create index on api_keys (account);
insert into projection_tables values ('accounts', 'api_keys');

-- Projection "accounts": who gets in and how, of which only one row is in force.
create table access_policies (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  second_factor_roles text[] not null,
  primary key (row_key, from_position)
);
create unique index on access_policies (row_key) where to_position = 9223372036854775807;
insert into projection_tables values ('accounts', 'access_policies');

-- What a key is checked against and what it is called. A revoked key has no row, so that it ends at once everywhere.
create table api_key_secrets (
  key_id uuid primary key,
  account uuid not null references account_profiles on delete cascade,
  label text not null,
  hash bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz,
  last_used_from inet
);
create index on api_key_secrets (account);

-- Where people are signed in. Rows are for people to look at and to end; that a token counts is decided by
-- account_credentials and revoked_tokens.
create table sessions (
  token_id uuid primary key,
  account uuid not null references account_profiles on delete cascade,
  epoch bigint not null,
  -- password or single_sign_on
  means text not null,
  began_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null,
  address inet,
  agent text not null
);
create index on sessions (account, began_at desc);
create index on sessions (ends_at);

-- Time-based one-time passwords (RFC 6238). The secret is encrypted with a key derived from SECRET_KEY.
create table second_factors (
  account uuid primary key references account_profiles on delete cascade,
  secret bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  confirmed_at timestamptz,
  -- The newest step a code was taken for: no code counts twice.
  last_step bigint not null default 0
);
create table recovery_codes (
  account uuid not null references second_factors on delete cascade,
  hash bytea not null,
  primary key (account, hash)
);
-- Wrong codes, counted per account for the limit.
create table code_attempts (
  account uuid not null,
  at timestamptz not null default clock_timestamp()
);
create index on code_attempts (account, at);

-- Who somebody is to the identity provider.
create table sign_on_subjects (
  issuer text not null,
  subject text not null,
  account uuid not null references account_profiles on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (issuer, subject)
);
create index on sign_on_subjects (account);

-- What else is worth knowing of an access: about what it was, by which key, in which request, and for a user name
-- that nobody has a keyed hash, by which tries of the same name are told to be the same.
alter table access_log
  add column entity_type text,
  add column entity text,
  add column key_id uuid,
  add column correlation uuid,
  add column name_hash text;
create index on access_log (at desc, id desc);
create index on access_log (account, at desc, id desc);
