-- Addresses outside that are told what happens, and what became of each telling.

create table webhooks (
  webhook_id uuid primary key,
  name text not null,
  url text not null,
  -- kinds of notifications; none: all
  kinds text[] not null,
  -- what deliveries are signed with, encrypted under a key derived from SECRET_KEY
  secret bytea not null,
  active boolean not null default true,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  -- it is kept for its log, and goes with the last line of it
  retired_at timestamptz
);

create table webhook_deliveries (
  -- made from webhook and position, so that nothing is told twice
  delivery_id uuid primary key,
  place bigint generated always as identity unique,
  webhook_id uuid not null references webhooks,
  kind text not null,
  -- none for a ping
  position bigint,
  -- what is sent, byte by byte
  payload text not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  -- who is at it, and until when nobody else is; a process that was killed lets go when the time is over
  claimed_by uuid,
  claimed_until timestamptz,
  last_status int,
  last_error text,
  last_attempt_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz not null default clock_timestamp()
);
create index on webhook_deliveries (webhook_id, place desc);
create index on webhook_deliveries (webhook_id, next_attempt_at) where state = 'pending';
create index on webhook_deliveries (created_at);
