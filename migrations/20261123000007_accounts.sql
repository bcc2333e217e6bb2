-- People. What identifies a person lives in erasable tables; events know ids only.

create table account_profiles (
  account uuid primary key,
  username text not null check (username = lower(username)),
  display_name text,
  created_at timestamptz not null default clock_timestamp(),
  last_sign_in_at timestamptz
);
create unique index on account_profiles (username);

create table account_credentials (
  account uuid primary key references account_profiles on delete cascade,
  password_hash text not null,
  changed_at timestamptz not null default clock_timestamp()
);

-- Projection "accounts": role and standing of each account.
create table accounts (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  account uuid not null,
  role text not null,
  active boolean not null,
  must_change_password boolean not null,
  opened_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on accounts (row_key) where to_position = 9223372036854775807;
create index on accounts (account);
insert into projection_tables values ('accounts', 'accounts');

-- Tokens signed out before their time; rows outlive the tokens, not more.
create table revoked_tokens (
  token_id uuid primary key,
  expires_at timestamptz not null
);

-- Counted per address for the sign-in limit; old rows are cut as new ones come.
create table sign_in_attempts (
  address inet not null,
  at timestamptz not null default clock_timestamp()
);
create index on sign_in_attempts (address, at);

-- Sign-ins, refusals and addresses: append-only, apart from the ledger, so that
-- old segments can be cut without touching it.
create table access_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  account uuid,
  action text not null,
  outcome text not null,
  address inet,
  detail text
);
create trigger append_only before update or delete on access_log for each row execute function refuse_change();
create trigger append_only_truncate before truncate on access_log for each statement execute function refuse_change();
